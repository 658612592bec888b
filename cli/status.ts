import { itemPage } from '../client/item-page';
import type { LaunchSummary } from '../client/launches';
import { command, type Context } from './command';
import { CliError } from './failure';
import { programName } from './program-name';
import { renderBoard } from './render-board';
import { renderItem } from './render-item';
import { clean, instantIn, pad } from './text';
import { whichLaunch } from './which-launch';

const DEFAULT_COLUMNS = 100;

export function columns(): number {
  return process.stdout.columns || Number(process.env['COLUMNS']) || DEFAULT_COLUMNS;
}

function printList({ say, answer, style }: Context<object>, launches: LaunchSummary[]): void {
  answer({ launches });
  if (launches.length === 0)
    return say("No launch is running. Start one: launch start PLAN, or 'launch status --all'.");
  const width = Math.max(...launches.map(({ id }) => id.length));
  for (const { id, phase, verdict, launchAt, running, mustOpen } of launches) {
    const when = launchAt ? instantIn('UTC', launchAt) : 'no date yet';
    const state = [phase ?? (running ? 'starting' : 'closed'), verdict, mustOpen ? `${mustOpen} musts open` : null];
    say(`${style.bold(pad(clean(id), width))}  ${when}  ${state.filter(Boolean).join(', ')}`);
  }
}

export const status = () =>
  command<{ all?: boolean }>(
    'status [launch] [item]',
    {
      summary:
        'show the board of a launch: the verdict, who is awaited, gates and items; or one item with its criteria',
      examples: [
        'launch status',
        'launch status storefront-2',
        'launch status storefront-2 BLOCKER-STAGING',
        'launch status storefront-2 --json',
        'launch status --all',
      ],
    },
    async (context, [given, item]) => {
      const { options, say, answer, style } = context;
      const render = { width: columns(), style, program: programName() };
      await context.session(async ({ launches }) => {
        const found = options.all ? await launches.list({ all: true }) : await whichLaunch(launches, given);
        if (typeof found !== 'string') return printList(context, found);
        const board = await launches.board(found);
        if (item !== undefined) {
          const state = await launches.itemState(found, item);
          const watches = await launches.watches(found, state.plan.item.id);
          const now = Date.now();
          const page = itemPage(board, state, { watches, now });
          if (!page)
            throw new CliError('NOT_FOUND', `item '${clean(item)}' is not on the board yet; try again in a moment`);
          answer(page);
          return say(renderItem(page, state, { ...render, now, zone: board.timezone }));
        }
        answer(board);
        say(renderBoard(board, { ...render, now: Date.now() }));
      });
    }
  ).option('--all', 'list every launch, those that are over too');
