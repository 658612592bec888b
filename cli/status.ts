import type { LaunchSummary } from '../client/launches';
import { command, type Context } from './command';
import { renderBoard } from './render-board';
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
    'status [launch]',
    {
      summary: 'show the board of a launch: the verdict, who is awaited, gates and items',
      examples: [
        'launch status',
        'launch status storefront-2',
        'launch status storefront-2 --json',
        'launch status --all',
      ],
    },
    async (context, [given]) => {
      const { options, say, answer, style } = context;
      await context.session(async ({ launches }) => {
        const found = options.all ? await launches.list({ all: true }) : await whichLaunch(launches, given);
        if (typeof found !== 'string') return printList(context, found);
        const board = await launches.board(found);
        answer(board);
        say(renderBoard(board, { now: Date.now(), width: columns(), style }));
      });
    }
  ).option('--all', 'list every launch, those that are over too');
