import { join, relative, resolve } from 'node:path';
import { nearest } from '../plan/nearest';
import type { Thing, ThingState } from '../stack/playground-world';
import { command, type Context } from './command';
import { CliError } from './failure';
import { programName } from './program-name';
import { clean, pad, widthOf } from './text';

const LAUNCH = 'production-launch';
const ACTIONS = ['list', 'fix', 'break'] as const;
type Action = (typeof ACTIONS)[number];

/** Whether something looks at the world now. */
type Watched = 'yes' | 'stack without playground' | 'no stack';

interface Shown extends Thing {
  state: ThingState;
}

interface Changed extends Shown {
  /** Paths of files, relative to the world. */
  wrote: string[];
  removed: string[];
}

function actionOf(given = 'list'): Action {
  const action = ACTIONS.find((each) => each === given.toLowerCase());
  if (action) return action;
  const near = nearest(given, ACTIONS);
  throw new CliError(
    'BAD_INPUT',
    `there is nothing called '${clean(given)}' to do with the playground${near ? `; did you mean '${near}'?` : ''}. It takes list, fix THING, break THING.`
  );
}

function thingsOf(action: Action, given: readonly string[], all: readonly Thing[]): readonly Thing[] {
  const names = all.map(({ name }) => name);
  if (given.length === 0)
    throw new CliError('BAD_INPUT', `Name what to ${action}: ${names.join(', ')}, or all of them with 'all'.`);
  if (given.some((name) => name.toLowerCase() === 'all')) return all;
  return given.map((name) => {
    const thing = all.find((each) => each.name === name.toLowerCase());
    if (thing) return thing;
    const near = nearest(name, names);
    const message = `the playground has no '${clean(name)}'${near ? `; did you mean '${near}'?` : '.'} It has ${names.join(', ')}.`;
    throw new CliError('NOT_FOUND', message);
  });
}

async function worldOf(data: string): Promise<string> {
  const { findWorld } = await import('../stack/playground-world.js');
  const world = findWorld(resolve(data));
  if (world !== undefined) return world;
  const message = `There is no playground in ${data}. Start one: ${programName()} up --playground. One in another folder: --data DIR, or LAUNCH_DATA.`;
  throw new CliError('NOT_FOUND', message);
}

async function whoWatches(data: string): Promise<Watched> {
  const { readStack } = await import('../stack/stack-file.js');
  const stack = readStack(resolve(data));
  if (!stack) return 'no stack';
  return stack.playground ? 'yes' : 'stack without playground';
}

function hint(watched: Watched): string | undefined {
  const start = `${programName()} up --playground`;
  if (watched === 'no stack') return `No stack runs here, so nothing looks at it: ${start}`;
  if (watched === 'yes') return undefined;
  return `The stack that runs was started without --playground, so nothing looks at this. Stop it, then: ${start}`;
}

const SIGNS: { [state in ThingState]: string } = { fixed: '✓', broken: '✗', changed: '~' };

function list({ say, style }: Context<object>, world: string, things: readonly Shown[]): void {
  const program = programName();
  const fixed = things.filter(({ state }) => state === 'fixed').length;
  say(`${style.bold('The playground')}  ${fixed} of ${things.length} things fixed, in ${pathFromHere(world)}`);
  const columns = Math.max(...things.map(({ name }) => widthOf(name)));
  for (const { name, state, broken, fixed: whole, item, criteria } of things) {
    const paint = state === 'fixed' ? style.green : style.red;
    const how = { fixed: whole, broken, changed: 'edited by hand' }[state];
    say(`  ${paint(SIGNS[state])} ${pad(name, columns)}  ${how}`);
    say(style.dim(`    ${pad('', columns)}  seen by ${item}: ${criteria.join(', ')}`));
  }
  const next = things.find(({ state }) => state !== 'fixed');
  say('');
  if (next) say(`Next  ${style.cyan(`${program} playground fix ${next.name}`)}, and watch the board of launch up`);
  else say(`Next  ${style.cyan(`${program} playground break staging`)}: what is broken later falls back by itself`);
}

/** As it is typed from here, where that is shorter. */
function pathFromHere(path: string): string {
  const below = relative('.', path);
  return below !== '' && !below.startsWith('..') ? below : path;
}

/** Fixes or breaks things, and says what that has changed. */
async function change(
  { say, style }: Context<object>,
  { world, state }: { world: string; state: 'fixed' | 'broken' },
  things: readonly Thing[]
): Promise<Changed[]> {
  const { setThing } = await import('../stack/playground-world.js');
  const paint = state === 'fixed' ? style.green : style.red;
  return things.map((thing) => {
    const { wrote, removed } = setThing(world, thing, state);
    const changed: Changed = { ...thing, state, wrote, removed };
    say(`${thing.name} is ${paint(state)}${isChanged(changed) ? '' : ' already'}: ${thing[state]}`);
    for (const file of wrote) say(`  wrote    ${pathFromHere(join(world, file))}`);
    for (const file of removed) say(`  removed  ${pathFromHere(join(world, file))}`);
    return changed;
  });
}

const isChanged = ({ wrote, removed }: Changed): boolean => wrote.length + removed.length > 0;

/** Falling back is noticed at once; what went back and forth must pass several times in a row, up to 64 looks. */
export function whenNoticed(state: ThingState): string {
  const soon = 'Within some 15 seconds it is noticed, without anybody saying so';
  if (state !== 'fixed') return `${soon}:`;
  return `${soon}; later where it was broken and fixed several times within an hour: it must pass more often in a row then, and its status says how often:`;
}

/** One line for each item, though several things may belong to it. */
function watch({ say, style }: Context<object>, things: readonly Shown[]): void {
  const items = [...new Set(things.map(({ item }) => item))];
  if (items.length === 0) return;
  say('');
  say(whenNoticed(things[0]?.state ?? 'fixed'));
  for (const item of items) {
    const of = things.filter((each) => each.item === item);
    const criteria = of.flatMap((each) => each.criteria);
    const becomes = of[0]?.state === 'fixed' ? 'met' : 'unmet';
    say(`  ${style.cyan(`${programName()} status ${LAUNCH} ${item}`)}`);
    say(style.dim(`      ${criteria.join(', ')} ${criteria.length === 1 ? 'turns' : 'turn'} ${becomes}`));
  }
}

export const playground = () =>
  command(
    'playground [action] [things...]',
    {
      summary: 'what is broken in the world of launch up --playground; fix or break it',
      examples: [
        'launch playground',
        'launch playground fix staging',
        'launch playground fix all',
        'launch playground break staging',
      ],
    },
    async (context, [given, ...names]) => {
      const { options, say, answer, style } = context;
      const { THINGS, stateOf } = await import('../stack/playground-world.js');
      const action = actionOf(given);
      if (action === 'list' && names.length > 0) throw new CliError('BAD_INPUT', "'list' takes nothing more.");
      const things = action === 'list' ? THINGS : thingsOf(action, names, THINGS);
      const world = await worldOf(options.data);
      const watched = await whoWatches(options.data);
      const answered = (shown: readonly Shown[]): void => {
        const note = hint(watched);
        if (note) say(style.yellow(`! ${note}`));
        answer({ world, watched: watched === 'yes', things: shown });
      };
      if (action === 'list') {
        const shown = things.map((thing) => ({ ...thing, state: stateOf(world, thing) }));
        list(context, world, shown);
        return answered(shown);
      }
      const changed = await change(context, { world, state: action === 'fix' ? 'fixed' : 'broken' }, things);
      if (watched === 'yes') watch(context, changed.filter(isChanged));
      answered(changed);
    }
  );
