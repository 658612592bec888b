import { command } from './command';
import { CliError } from './failure';
import { clean, cleanLines, instantIn } from './text';
import { theLaunch } from './which-launch';

export const announce = () =>
  command<{ preview?: boolean }>(
    'announce [launch]',
    {
      summary: 'show what is announced, to whom and when; the launch announces by itself',
      examples: ['launch announce storefront-2 --preview', 'launch announce storefront-2 --preview --json'],
    },
    async (context, [given]) => {
      if (!context.options.preview) {
        throw new CliError('BAD_INPUT', 'A launch announces by itself, at its date less its lead. Give --preview.');
      }
      await context.session(async ({ launches }) => {
        const launch = await theLaunch(launches, given);
        const { announce: shown, timezone } = await launches.board(launch);
        context.answer({ launch, announcement: shown });
        if (!shown) return context.say('Nothing is announced: the plan names nobody to tell, or the launch is over.');
        const { at, to, accepted, subject, text } = shown;
        const isSent = to.every((each) => accepted.includes(each));
        context.say(`${isSent ? 'Was due' : 'Due'} ${instantIn(timezone, at)}; it would read now:`);
        context.say(`\n${context.style.bold(clean(subject))}\n${cleanLines(text)}\n`);
        const names = (ids: readonly string[]) => clean(ids.join(', ')) || 'nobody';
        context.say(`To: ${names(to.filter((each) => !accepted.includes(each)))}`);
        if (accepted.length > 0) context.say(`Has it already: ${names(accepted)}`);
        context.say('If the date moves, all who have it are told the new one and why, and it is announced anew.');
      });
    }
  ).option('--preview', 'what is needed: nothing is sent by this');
