import { tookText } from '../domain/text';
import { lines, table, text, unknown, type Cell, type Section } from './document';
import type { Report, ReportCriterion, ReportItem } from './schema';
import { count } from './text';
import { criterionState, itemState, lateText, when } from './words';

/** Of a digest, as much as tells two apart at a glance. */
const SHORT_DIGEST = 12;

function wordsOf(report: Report, { words }: ReportCriterion): Cell[] {
  return words.flatMap(({ by, at, note, link, file, stale }): Cell[] => [
    `${by}, ${when(report, at)}${note ? `: ${note}` : ''}`,
    ...(link ? [link] : []),
    ...(file ? [lines(`${file.name}, SHA-256`, { code: file.sha256 })] : []),
    ...(stale ? [`Does not count since ${when(report, stale.at)}: ${stale.reason}`] : []),
  ]);
}

function runsOf(report: Report, { metBy, measured, polled }: ReportCriterion): Cell[] {
  const times = (inRow: number) => (inRow > 1 ? `, ${inRow} in a row` : '');
  const made =
    metBy &&
    `Met ${when(report, metBy.at)} by check ${metBy.type} ${metBy.digest.slice(0, SHORT_DIGEST)} of revision ${metBy.revision}${times(metBy.inRow)}, took ${tookText(metBy.tookMs)}: ${metBy.seen}`;
  const isOther = measured && (measured.at !== metBy?.at || measured.seen !== metBy.seen);
  const last =
    isOther &&
    `Last taken in ${when(report, measured.at)}, ${measured.outcome}${times(measured.inRow)}: ${measured.seen}`;
  const poll = polled && `In the final poll ${when(report, polled.at)}, ${polled.outcome}: ${polled.seen}`;
  return [made, last, poll].filter((each): each is string => typeof each === 'string');
}

function evidenceOf(report: Report, criterion: ReportCriterion): Cell {
  const found = [...runsOf(report, criterion), ...wordsOf(report, criterion)];
  return found.length > 0 ? lines(...found) : (criterion.evidence ?? 'nothing is known');
}

/** The same in short: what it is met by, or what was seen last. */
export function inShort(report: Report, criterion: ReportCriterion): Cell[] {
  const { title, metBy, measured, words, evidence, state } = criterion;
  const run = metBy ?? measured;
  const word = words
    .filter(({ stale }) => !stale)
    .map(({ by, at, note }) => `${by}, ${when(report, at)}${note ? `: ${note}` : ''}`);
  const said = run ? [`${run.seen}, ${when(report, run.at)}`] : word;
  if (said.length === 0 && evidence === null) return state === 'met' ? [`${title}: nothing is known of why`] : [];
  return [`${title}: ${said.length > 0 ? said.join('; ') : evidence}`];
}

function datesOf(report: Report, item: ReportItem): Cell {
  const { openedAt, settledAt, deadline, late, detailed } = item;
  if (!detailed && deadline === null) return 'not known';
  return lines(
    openedAt !== null && `Opened ${when(report, openedAt)}`,
    settledAt !== null && `Settled ${when(report, settledAt)}`,
    deadline !== null && `Due ${when(report, deadline)}`,
    late !== null && lateText(late)
  );
}

function itemRow(report: Report, item: ReportItem): Cell[] {
  const { id, title, kind, gate, status, owners, reopened, chosen, priority } = item;
  const is = [kind, gate, priority].filter((each) => each !== null).join(', ');
  const more = [chosen && `chosen: ${chosen}`, reopened > 0 && `fell ${count(reopened, 'time')}`].filter(Boolean);
  return [
    { state: itemState(status), why: more.join('; ') },
    lines(title, { code: id }, is),
    owners.join(', '),
    datesOf(report, item),
  ];
}

/** Every item, and what each of its criteria rests on. */
export function evidenceSection(report: Report): Section {
  const { items } = report;
  const title = 'Items and their evidence';
  if (!items) return { id: 'evidence', title, blocks: [unknown()] };
  const rows = items.flatMap((item) =>
    item.criteria.map((criterion): Cell[] => [
      { code: item.id },
      lines(criterion.title, { code: criterion.id }),
      { state: criterionState(criterion.state) },
      evidenceOf(report, criterion),
    ])
  );
  const open = items.filter(({ status }) => ['waiting', 'open', 'acknowledged'].includes(status)).length;
  return {
    id: 'evidence',
    title,
    count: `${open} of ${items.length} open`,
    blocks: [
      table(
        'Items',
        ['Status', 'Item', 'Owner', 'Dates'],
        items.map((item) => itemRow(report, item))
      ),
      { kind: 'heading', text: 'Criteria' },
      table('Criteria', ['Item', 'Criterion', 'State', 'Evidence'], rows),
      text('Single runs of checks are in a log beside the ledger, which is not part of it and not kept for ever.'),
    ],
  };
}
