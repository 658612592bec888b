import { alert, lines, table, text, unknown, type Block, type Cell, type Section } from './document';
import type { Report } from './schema';
import { decisionSection } from './section-decisions';
import { evidenceSection, inShort } from './section-evidence';
import { ledgerSection, metricsSection, planSection } from './section-record';
import { afterSection, fallsSection, reportedSection, timelineSection } from './section-past';
import { count } from './text';
import { criterionState, signatureState, verdictState, when } from './words';
import { quorumText } from './quorum';

function reasonsTable(caption: string, reasons: Report['verdict']['reasons']): Block {
  return table(
    caption,
    ['About', 'Reason', 'Code'],
    reasons.map(({ code, ref, text: why }) => [{ code: ref }, why, { code }])
  );
}

function verdictSection(report: Report): Section {
  const { reasons, conditions, needs, given } = report.verdict;
  const blocks: Block[] = [];
  if (reasons.length > 0) blocks.push(reasonsTable('Reasons of the verdict', reasons));
  else blocks.push(report.verdict.value === null ? unknown() : text('Nothing stands in the way.'));
  if (conditions.length > 0)
    blocks.push({ kind: 'heading', text: 'Conditions' }, reasonsTable('Conditions of the verdict', conditions));
  if (needs.length > 0) {
    const rows = needs.map(({ who, action, ref }) => [who, { code: ref }, action]);
    blocks.push({ kind: 'heading', text: 'What is awaited' }, table('What is awaited', ['Who', 'About', 'What'], rows));
  }
  blocks.push({ kind: 'heading', text: 'Verdicts that were given' });
  const said = given.map(({ value, at, launchAt, reasons: why, conditions: but }): Cell[] => [
    when(report, at),
    { state: verdictState(value) },
    when(report, launchAt),
    lines(...why.map(({ text: each }) => each), ...but.map(({ text: each }) => `Condition: ${each}`)),
  ]);
  const head = ['Given', 'Verdict', 'For the date', 'Reasons and conditions'];
  blocks.push(said.length === 0 ? text('None was given yet.') : table('Verdicts that were given', head, said));
  return { id: 'verdict', title: 'Verdict', count: count(reasons.length, 'reason'), blocks };
}

const GATES = [
  ['must', 'Must'],
  ['should', 'Should'],
  ['nice', 'Nice to have'],
] as const;

function gateSections(report: Report): Section[] {
  const { gates, items } = report;
  if (!gates) return [{ id: 'must', title: 'Must', blocks: [unknown()] }];
  const owners = new Map(items?.map((item) => [item.id, item]));
  return GATES.flatMap(([gate, title]): Section[] => {
    const entries = gates[gate];
    if (entries.length === 0 && gate !== 'must') return [];
    const rows = entries.map((entry): Cell[] => {
      const item = owners.get(entry.ref);
      const evidence = item?.criteria.flatMap((each) => inShort(report, each)) ?? [];
      return [
        { state: criterionState(entry.state) },
        lines(entry.title, { code: entry.ref }),
        item?.owners.join(', ') ?? 'not known',
        lines(entry.reason, ...evidence),
      ];
    });
    const met = entries.filter(({ state }) => state === 'met' || state === 'waived').length;
    const head = ['State', title, 'Owner', 'Why, and what it rests on'];
    const blocks = rows.length === 0 ? [alert('The plan has no must.')] : [table(title, head, rows)];
    return [{ id: gate, title, count: `${met} of ${entries.length} met`, blocks }];
  });
}

function standing(report: Report): Block {
  const found = report.signOffs.standing;
  if (!found) return unknown();
  if (found.length === 0) return text('Nobody has signed.');
  const rows = found.map(({ by, answer, state, at, reason }): Cell[] => [
    { state: signatureState(state) },
    by,
    answer,
    when(report, at),
    reason ?? '',
  ]);
  return table('Sign-offs as they stand', ['State', 'Who', 'Answer', 'Given', 'Why'], rows);
}

function signatures(report: Report): Block[] {
  const { given } = report.signOffs;
  if (!given) return [unknown()];
  if (given.length === 0) return [];
  const rows = given.map(({ by, at, answer, digest, accepts, why, since }): Cell[] => [
    when(report, at),
    by,
    answer,
    { code: digest },
    lines(
      why,
      accepts.length > 0 && `Accepts: ${accepts.join('; ')}`,
      ...since.map(
        (each) => `${each.what === 'void' ? 'Void' : 'Suspended'} since ${when(report, each.at)}: ${each.text}`
      )
    ),
  ]);
  const head = ['Given', 'Who', 'Answer', 'Digest of what was signed', 'With'];
  return [{ kind: 'heading', text: 'Every answer that was given' }, table('Every answer that was given', head, rows)];
}

function signOffSection(report: Report): Section {
  const { authority, signOffs } = report;
  const { missing, digest } = signOffs;
  const terms: Array<[string, Cell]> = [
    ['Authority', authority ? `${authority.by.join(', ')} (${quorumText(authority.quorum)})` : 'not known'],
    ['Missing', missing ? (missing.length === 0 ? 'none' : missing.join(', ')) : 'not known'],
    [
      'Separation of duties',
      authority ? (authority.separation ? 'yes: who gave their word on a must does not sign' : 'no') : 'not known',
    ],
    ['A signature stands for', digest ? { code: digest } : 'not known'],
  ];
  const blocks: Block[] = [{ kind: 'terms', terms }, standing(report), ...signatures(report)];
  const left = missing ? count(missing.length, 'sign-off') : 'not known';
  return { id: 'sign-offs', title: 'Sign-offs', count: missing ? `${left} missing` : left, blocks };
}

function waiverSection(report: Report): Section {
  const { waivers } = report;
  const title = 'Waivers';
  if (!waivers) return { id: 'waivers', title, blocks: [unknown()] };
  const rows = waivers.map((waiver): Cell[] => {
    const { ended } = waiver;
    const how = ended && `${ended.how}${ended.by ? ` by ${ended.by}` : ''}, ${when(report, ended.at)}`;
    return [
      lines({ code: waiver.item }, { code: waiver.criterion }),
      lines(waiver.by, when(report, waiver.at)),
      lines(`Reason: ${waiver.reason}`, `Risk: ${waiver.risk}`),
      when(report, waiver.until),
      how ?? { state: criterionState('waived'), why: 'in force' },
    ];
  });
  const head = ['Of', 'Given by', 'Reason and risk', 'Until', 'Since then'];
  const blocks = rows.length === 0 ? [text('None was given.')] : [table(title, head, rows)];
  const open = waivers.filter(({ ended }) => !ended).length;
  return { id: 'waivers', title, count: `${open} of ${waivers.length} in force`, blocks };
}

/** Said beside the verdict: whoever reads no further is to know it. */
export function warning({ ledger: { broken } }: Report): string | undefined {
  if (broken === 0) return undefined;
  return `The ledger is not as it was written (${count(broken, 'finding')}): what this report says may be wrong.`;
}

/** What is not known, before anything else is read. */
function doubtSection(report: Report): Section[] {
  const { notKnown, made } = report;
  const found = [...notKnown, ...made.differs];
  return found.length === 0 ? [] : [{ id: 'not-known', title: 'Not known, or in doubt', blocks: found.map(alert) }];
}

/** All that a report says, in the order in which it is read. */
export function sectionsOf(report: Report): Section[] {
  return [
    ...doubtSection(report),
    verdictSection(report),
    ...gateSections(report),
    signOffSection(report),
    decisionSection(report),
    waiverSection(report),
    timelineSection(report),
    fallsSection(report),
    reportedSection(report),
    metricsSection(report),
    evidenceSection(report),
    afterSection(report),
    planSection(report),
    ledgerSection(report),
  ];
}
