import type { Launches } from '../client/launches';
import type { Measurement } from '../domain/criterion';
import { probeOf } from '../domain/criterion';
import { criteriaOf } from '../domain/item-state';
import { command, type Context } from './command';
import { each } from './each';
import { CliError, EXIT } from './failure';
import { clean } from './text';

export interface Verified {
  item: string;
  criterion: string;
  title: string;
  /** Null: it has not been measured. */
  outcome: Measurement['outcome'] | null;
  seen: string | null;
  at: string | null;
}

const OVER: ReadonlySet<string> = new Set(['dropped', 'carried-over']);

/** Items with a check that an activity runs. */
async function measurable(launches: Launches, launch: string): Promise<string[]> {
  const { items } = await launches.board(launch);
  return items
    .filter(({ status, criteria }) => !OVER.has(status) && criteria.some(({ automatic }) => automatic))
    .map(({ id }) => id);
}

async function verifyItem(
  launches: Launches,
  said: { by: string; key?: string },
  { launch, item, criterion }: { launch: string; item: string; criterion?: string }
): Promise<Verified[]> {
  await launches.tellItem(launch, item, { type: 'verifyNow', criterion, ...said });
  const state = await launches.itemState(launch, item);
  const wanted = criterion?.toLowerCase();
  return criteriaOf(state.plan.item, state)
    .filter((each) => probeOf(each) && (wanted === undefined || each.id.toLowerCase() === wanted))
    .map(({ id, title }) => {
      const progress = state.progress[id];
      const measured = progress?.polled?.measurement ?? progress?.measured;
      const { outcome = null, seen = null } = measured ?? {};
      const at = measured ? new Date(measured.at).toISOString() : null;
      return { item: state.plan.item.id, criterion: id, title, outcome, seen, at };
    });
}

function print({ say, style }: Context<object>, verified: readonly Verified[]): void {
  for (const { item, criterion, outcome, seen } of verified) {
    const shown = outcome ?? 'not measured';
    const sign = outcome === 'passed' ? style.green(`✓ ${shown}`) : style.red(`✗ ${shown}`);
    say(`${sign}  ${clean(item)} ${clean(criterion)}${seen ? `: ${clean(seen)}` : ''}`);
  }
  if (verified.length === 0) say('Nothing here is measured: all of it is said by people.');
}

export const verify = () =>
  command<{ all?: boolean }>(
    'verify <launch> [item] [criterion]',
    {
      summary: 'run the checks of an item now, or of all; exits 1 where one does not pass',
      examples: ['launch verify storefront-2 BLOCKER-STAGING --as devops', 'launch verify storefront-2 --all --as ana'],
      acts: true,
    },
    async (context, [launch = '', item, criterion]) => {
      const { options } = context;
      if ((item === undefined) === !options.all) throw new CliError('BAD_INPUT', 'Name an item, or give --all.');
      const by = context.who();
      const verified = await context.session(async ({ launches }) => {
        const items = item === undefined ? await measurable(launches, launch) : [item];
        const said = (id: string) => ({ by, ...(options.key ? { key: `${options.key}:${id}` } : {}) });
        return (await each(items, (id) => verifyItem(launches, said(id), { launch, item: id, criterion }))).flat();
      });
      const passed = verified.every(({ outcome }) => outcome === 'passed');
      print(context, verified);
      context.answer({ launch, passed, verified });
      return passed ? EXIT.done : EXIT.refused;
    }
  ).option('--all', 'every item that has a check');
