import type { Speaker } from '../client/speaker';
import type { LookedAt } from '../client/tell';
import type { Outcome } from '../domain/criterion';
import { NO_PROGRESS, probeOf, watchSpec } from '../domain/criterion';
import { tookOf } from '../domain/evidence';
import { notBefore, stateOf } from '../domain/item';
import { toMeasure } from '../domain/item-commands';
import type { ItemState } from '../domain/item-state';
import type { Criterion } from '../domain/plan';
import { isoText, tookText } from '../domain/text';
import { command, type Context } from './command';
import { each } from './each';
import { CliError, EXIT } from './failure';
import { Page } from './page';
import { acting } from './say';
import { columns } from './status';
import { clean, count, pad } from './text';

export interface Verified {
  item: string;
  criterion: string;
  title: string;
  /** Null: it has not been measured. */
  outcome: Outcome | null;
  seen: string | null;
  /** When the run ended, ISO 8601 in UTC, and how long it took. */
  at: string | null;
  tookMs: number | null;
  /** Of the criterion afterwards: a pass may be one of several that it needs in a row. */
  state: string;
  /** Passes in a row that would make it met, where this one did not. */
  needsInRow: number | null;
  /** ISO 8601 in UTC: nobody looks at it before then, and what was seen now is not recorded. */
  notBefore: string | null;
}

const OVER: ReadonlySet<string> = new Set(['dropped', 'carried-over']);

/** Items with a check that an activity runs. */
async function measurable(speaker: Speaker, launch: string): Promise<string[]> {
  const { items } = await speaker.board(launch);
  return items
    .filter(({ status, criteria }) => !OVER.has(status) && criteria.some(({ automatic }) => automatic))
    .map(({ id }) => id);
}

function verified(state: ItemState, criterion: Criterion, looked: readonly LookedAt[] | undefined): Verified {
  const { id, title, watch } = criterion;
  const progress = state.progress[id] ?? NO_PROGRESS;
  // A key that was used before is answered without what was seen then: the item may still know.
  const found = looked ? looked.find((each) => each.criterion === id) : progress.measured;
  const now = Date.now();
  const is = stateOf(state, criterion, now);
  const from = notBefore(state, criterion, now);
  const spec = watch && watchSpec(probeOf(criterion)!, watch, progress);
  return {
    item: state.plan.item.id,
    criterion: id,
    title,
    outcome: found?.outcome ?? null,
    seen: found?.seen ?? null,
    at: found ? isoText(found.at) : null,
    tookMs: found ? tookOf(found) : null,
    state: is,
    needsInRow: found?.outcome === 'passed' && is !== 'met' && spec && from === undefined ? spec.need.passed : null,
    notBefore: from === undefined ? null : isoText(from),
  };
}

async function verifyItem(
  speaker: Speaker,
  said: { key?: string },
  { launch, item, criterion }: { launch: string; item: string; criterion?: string }
): Promise<Verified[]> {
  const { looked } = await speaker.tellItem(launch, item, { type: 'verifyNow', criterion, ...said });
  const state = await speaker.itemState(launch, item);
  return toMeasure(state, criterion).map((each) => verified(state, each, looked));
}

const SIGNS: { [outcome in Outcome]: string } = { passed: '✓', failed: '✗', inconclusive: '?', errored: '!' };
const OUTCOME_COLUMNS = 'inconclusive'.length;

function print({ say, style }: Context<object>, all: readonly Verified[]): void {
  const page = new Page({ now: Date.now(), width: columns(), style });
  for (const { item, criterion, title, outcome, seen, tookMs, needsInRow, notBefore: from } of all) {
    const paint = outcome === 'passed' ? style.green : outcome === 'inconclusive' ? style.yellow : style.red;
    const shown = paint(`${outcome ? SIGNS[outcome] : '·'} ${pad(outcome ?? 'not measured', OUTCOME_COLUMNS)}`);
    const took = tookMs === null ? '' : `  ${style.dim(tookText(tookMs))}`;
    page.add(`${shown} ${style.bold(clean(item))} ${clean(criterion)}${took}`);
    const about = seen ?? title;
    page.text(about, OUTCOME_COLUMNS + 3, style.dim);
    if (needsInRow !== null) page.text(`met after ${needsInRow} passes in a row`, OUTCOME_COLUMNS + 3, style.dim);
    if (from !== null) page.text(`not looked at before ${from}: this is not recorded`, OUTCOME_COLUMNS + 3, style.dim);
  }
  const passed = all.filter(({ outcome }) => outcome === 'passed').length;
  page.add(
    all.length === 0
      ? 'Nothing here is measured: all of it is said by people.'
      : (passed === all.length ? style.green : style.red)(`${passed} of ${count(all.length, 'check')} passed`)
  );
  say(page.lines.join('\n'));
}

export const verify = () =>
  command<{ all?: boolean }>(
    'verify <launch> [item] [criterion]',
    {
      summary: 'run the checks of an item now, or of all; exits 1 where one does not pass',
      examples: ['launch verify storefront-2 BLOCKER-STAGING --as devops', 'launch verify storefront-2 --all --as ana'],
      says: true,
    },
    async (context, [launch = '', item, criterion]) => {
      const { options } = context;
      if ((item === undefined) === !options.all) throw new CliError('BAD_INPUT', 'Name an item, or give --all.');
      const all = await acting(options, async (speaker) => {
        const items = item === undefined ? await measurable(speaker, launch) : [item];
        const said = (id: string) => (options.key ? { key: `${options.key}:${id}` } : {});
        return (await each(items, (id) => verifyItem(speaker, said(id), { launch, item: id, criterion }))).flat();
      });
      // Nothing measured is nothing proved.
      const passed = all.length > 0 && all.every(({ outcome }) => outcome === 'passed');
      print(context, all);
      context.answer({ launch, passed, verified: all });
      return passed ? EXIT.done : EXIT.refused;
    }
  ).option('--all', 'every item that has a check');
