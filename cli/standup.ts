import { command } from './command';
import { CliError } from './failure';
import { clean, cleanLines, instantIn } from './text';
import { theLaunch } from './which-launch';

export const standup = () =>
  command<{ last?: boolean }>(
    'standup [launch]',
    {
      summary: 'the standup as it stands now: blockers, progress and plans by owner; or the one that was sent last',
      examples: ['launch standup', 'launch standup storefront-2 --json', 'launch standup storefront-2 --last'],
    },
    async (context, [given]) => {
      const { options, say, answer, style } = context;
      await context.session(async ({ launches }) => {
        const launch = await theLaunch(launches, given);
        const found = options.last ? await launches.lastStandup(launch) : await launches.standup(launch);
        if (!found) {
          // Where there is no such launch it says so.
          const { standup: next, timezone } = await launches.board(launch);
          const message = `no standup of ${launch} has been held yet; ${next ? `the next is ${instantIn(timezone, Date.parse(next.next))}` : 'its plan has none'}`;
          throw new CliError('NOT_FOUND', clean(message));
        }
        answer(found);
        say(style.bold(clean(found.title)));
        say(cleanLines(found.text));
      });
    }
  ).option('--last', 'the one that was sent last, as it was sent');
