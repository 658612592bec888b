import { alert, lines, table, text, unknown, type Block, type Cell, type Section, type State } from './document';
import type { Report } from './schema';
import { count } from './text';
import { when } from './words';

function metricState(met: boolean | null): State {
  if (met === null) return { mark: 'open', word: 'no target' };
  return met ? { mark: 'met', word: 'met' } : { mark: 'failed', word: 'not met' };
}

/** The document's own. */
export function metricsSection(report: Report): Section {
  const { metrics } = report;
  const title = 'Metrics';
  if (!metrics) return { id: 'metrics', title, blocks: [unknown()] };
  const rows = metrics.map(({ title: what, value, target, met, baseline, counted, of, by }): Cell[] => [
    { state: value === null ? { mark: 'unclear', word: 'nothing to measure' } : metricState(met) },
    what,
    lines(value === null ? '' : `${value}${of === null ? '' : ' %'}`, of !== null && `${counted} of ${of}`),
    lines(target, by && `by ${when(report, by)}`),
    baseline === null ? '' : String(baseline),
  ]);
  const head = ['State', 'Metric', 'Value', 'Target', 'When the document was written'];
  const blocks = rows.length === 0 ? [text('The plan has no metrics.')] : [table(title, head, rows)];
  return { id: 'metrics', title, count: count(rows.length, 'metric'), blocks };
}

function changesOf({ added, removed, changed, parts }: NonNullable<Report['revisions']>[number]): Cell {
  const said = (what: string, ids: string[]) => ids.length > 0 && `${what}: ${ids.join(', ')}`;
  return lines(said('New', added), said('Removed', removed), said('Changed', changed), said('Other parts', parts));
}

export function planSection(report: Report): Section {
  const { revisions } = report;
  const title = 'Revisions of the plan';
  if (!revisions) return { id: 'plan', title, blocks: [unknown()] };
  const rows = revisions.map((each): Cell[] => [
    String(each.revision),
    lines(when(report, each.at), each.by),
    each.reason ?? (each.revision === 1 ? 'as it was started' : 'not known'),
    changesOf(each),
    { code: each.digest },
  ]);
  const head = ['Revision', 'Since', 'Why', 'What changed', 'Digest (SHA-256)'];
  return { id: 'plan', title, count: count(rows.length, 'revision'), blocks: [table(title, head, rows)] };
}

function verified({ entries, verified: holds, broken, vouchedTo, kept, unasked }: Report['ledger']): Block[] {
  if (entries === 0 && broken === 0) return [alert('The ledger has nothing of this launch.')];
  if (!holds) return [alert(`The ledger is not as it was written: ${count(broken, 'finding')}.`)];
  const who = [...new Set(kept.flatMap((each) => (each.holds ? [each.from] : [])))].join(', ');
  const outside =
    vouchedTo === 0
      ? 'Nothing outside of the database vouches for it here: hold the head below against one that was kept elsewhere.'
      : vouchedTo >= entries
        ? `All of it is vouched for by ${who}.`
        : `Up to entry ${vouchedTo} it is vouched for by ${who}; for what comes after, by nothing outside of the database.`;
  return [
    text('The chain was verified: each entry is as it was written, and follows the one before it.'),
    text(outside),
    ...(unasked === null ? [] : [text(`Temporal was not asked which head it keeps: ${unasked}`)]),
  ];
}

export function ledgerSection(report: Report): Section {
  const { ledger, launch } = report;
  const { entries, facts, head, findings, broken } = ledger;
  const blocks: Block[] = [
    ...verified(ledger),
    {
      kind: 'terms',
      terms: [
        ['Entries', `${entries}, of which ${count(facts, 'fact')} are in this report`],
        ['Head', head ? { code: head } : 'none'],
        ['To verify it', { code: `launch ledger verify ${launch}${head ? ` --expect ${head}` : ''}` }],
      ],
    },
  ];
  if (findings.length > 0) {
    const rows = findings.map(({ code, number, text: said }): Cell[] => [String(number), { code }, said]);
    blocks.push(table('What is not as it was written', ['Entry', 'Code', 'What was found'], rows));
    if (broken > findings.length) blocks.push(text(`And ${broken - findings.length} more.`));
  }
  const state = ledger.verified ? 'chain verified' : entries === 0 ? 'none' : 'not as it was written';
  return { id: 'ledger', title: 'Ledger', count: state, blocks };
}
