import { durationText } from '../domain/text';
import { alert, lines, table, text, unknown, type Block, type Cell, type Section } from './document';
import type { Report } from './schema';
import { count } from './text';
import { actionState, criterionState, when } from './words';

function slipsOf(report: Report): Block[] {
  const { slips } = report;
  if (!slips) return [{ kind: 'heading', text: 'Slips' }, unknown()];
  const rows = slips.map(({ at, from, to, by, reason }): Cell[] => {
    const ms = Date.parse(to) - Date.parse(from);
    return [
      when(report, at),
      when(report, from),
      when(report, to),
      `${ms < 0 ? '−' : '+'}${durationText(Math.abs(ms))}`,
      by ?? 'the launch itself',
      reason,
    ];
  });
  const head = ['When', 'From', 'To', 'Slip', 'By', 'Why'];
  return [
    { kind: 'heading', text: 'Slips of the date' },
    rows.length === 0 ? text('The date was never moved.') : table('Slips of the date', head, rows),
  ];
}

function milestonesOf(report: Report): Block[] {
  const { milestones } = report;
  if (!milestones) return [{ kind: 'heading', text: 'Milestones' }, unknown()];
  if (milestones.length === 0) return [];
  const rows = milestones.map(({ title, at, items, settled }): Cell[] => [
    at === null ? 'no date' : when(report, at),
    title,
    items.length === 0 ? 'no items' : `${settled ?? 'not known how many'} of ${items.length} settled`,
  ]);
  return [{ kind: 'heading', text: 'Milestones' }, table('Milestones', ['When', 'Milestone', 'Items'], rows)];
}

function holdsOf(report: Report): Block[] {
  const { holds } = report;
  const title: Block = { kind: 'heading', text: 'Holds' };
  if (!holds) return [title, unknown()];
  if (holds.length === 0) return [title, text('It was never held.')];
  const rows = holds.map(({ by, at, reason, released }): Cell[] => [
    when(report, at),
    by,
    reason,
    released ? lines(`${when(report, released.at)}, ${released.by}`, released.reason) : 'never',
  ]);
  return [title, table('Holds', ['Held', 'By', 'Why', 'Released'], rows)];
}

/** Numbered as in the picture. */
function marksOf(report: Report): Block[] {
  const { timeline } = report;
  if (!timeline) return [];
  const rows = timeline.marks.map(({ at, kind, text: said }, index): Cell[] => [
    String(index + 1),
    when(report, at),
    { code: at },
    kind,
    said,
  ]);
  return [
    { kind: 'heading', text: 'Instants of the launch' },
    table('Instants of the launch', ['Number', 'When', 'UTC', 'Kind', 'What'], rows),
  ];
}

/** The picture, and the same facts as tables. */
export function timelineSection(report: Report): Section {
  const { slips, timeline } = report;
  return {
    id: 'timeline',
    title: 'Timeline',
    count: slips ? `launch date moved ${count(slips.length, 'time')}` : undefined,
    blocks: [
      {
        kind: 'terms',
        terms: [
          [
            'Started',
            report.startedAt ? `${when(report, report.startedAt)}, by ${report.startedBy ?? 'not known'}` : 'not known',
          ],
          ['First date', when(report, report.firstAt)],
          ['Launch date', when(report, report.launchAt)],
          [
            'Ended',
            report.ended
              ? `${when(report, report.ended.at)}, ${report.ended.how}: ${report.ended.reason}`
              : 'not that anybody knows',
          ],
        ],
      },
      timeline ? { kind: 'timeline' } : unknown(),
      ...marksOf(report),
      ...slipsOf(report),
      ...milestonesOf(report),
      ...holdsOf(report),
    ],
  };
}

export function fallsSection(report: Report): Section {
  const { falls } = report;
  const title = 'Falls';
  if (!falls) return { id: 'falls', title, blocks: [unknown()] };
  const rows = falls.map(({ item, at, kind, text: why, must }): Cell[] => [
    when(report, at),
    lines({ code: item }, must && 'a must'),
    kind,
    why,
  ]);
  const none = text('Nothing that was settled fell.');
  const blocks =
    rows.length === 0 ? [none] : [table('What was settled and fell', ['When', 'Item', 'How', 'Why'], rows)];
  return { id: 'falls', title, count: count(rows.length, 'fall'), blocks };
}

export function reportedSection(report: Report): Section {
  const { reported } = report;
  const title = 'Reported blockers';
  if (!reported) return { id: 'reported', title, blocks: [unknown()] };
  const rows = reported.map((each): Cell[] => {
    const { review } = each;
    const how = review?.accept ? 'accepted' : 'rejected';
    return [
      when(report, each.at),
      lines(each.title, { code: each.id }, each.impact, each.priority ?? each.severity),
      each.by,
      review ? lines(`${how} by ${review.by}, ${when(report, review.at)}`, review.reason) : 'not reviewed',
    ];
  });
  const blocks =
    rows.length === 0 ? [text('None was reported.')] : [table(title, ['Reported', 'Blocker', 'By', 'Review'], rows)];
  return { id: 'reported', title, count: count(rows.length, 'blocker'), blocks };
}

const FOLLOWS = { go: 'GO', delay: 'DELAY', noGo: 'NO GO' } as const;

function watchOf(report: Report): Block[] {
  const { postLaunch } = report;
  if (!postLaunch) return [];
  const { from, until, over, criteria } = postLaunch;
  const said = from
    ? `Watched from ${when(report, from)} until ${when(report, until)}${over ? '; over' : ''}.`
    : 'It begins with GO.';
  const rows = criteria.map(({ title, state, evidence, alarmed }): Cell[] => [
    { state: criterionState(state), why: alarmed ? 'the authority was alarmed' : '' },
    title,
    evidence ?? 'nothing is known',
  ]);
  const found = table('The watch after GO', ['State', 'Criterion', 'What it rests on'], rows);
  return [{ kind: 'heading', text: 'The watch after GO' }, text(said), found];
}

/** What follows the verdicts, the watch after GO, the way back. */
export function afterSection(report: Report): Section {
  const { actions, rollback } = report;
  const title = 'After the verdict';
  const rows = (actions ?? []).map(({ follows, number, title: what, state, attempts, at, seen }): Cell[] => [
    `${FOLLOWS[follows]} ${number}`,
    what,
    { state: actionState(state), why: attempts > 1 ? `${attempts} attempts` : '' },
    at === null ? '' : when(report, at),
    seen ?? '',
  ]);
  const head = ['Follows', 'Action', 'State', 'When', 'What was seen'];
  const none = text('The plan has no actions.');
  const done = !actions
    ? alert('Not known.')
    : rows.length === 0
      ? none
      : table('What follows the verdicts', head, rows);
  const back: Block[] =
    rollback.length === 0
      ? []
      : [
          { kind: 'heading', text: 'The way back' },
          { kind: 'list', items: rollback },
        ];
  return { id: 'after', title, blocks: [done, ...watchOf(report), ...back] };
}
