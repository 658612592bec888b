import { command, printAccepted } from './command';
import { acting, keyOf, whenFrame } from './say';
import { resolveWhen } from './when';

interface Options {
  reason: string;
  risk: string;
  until: string;
}

export const waive = () =>
  command<Options>(
    'waive <launch> <item> [criterion]',
    {
      summary: 'accept that a criterion is not met, until a date after the launch',
      examples: [
        'launch waive storefront-2 BLOCKER-STAGING up --reason "only staging" --risk "no user tests" --until T+7d --as ana',
      ],
      says: true,
    },
    async (context, [launch = '', item = '', criterion]) => {
      const { options } = context;
      const { reason, risk, until: text } = options;
      const accepted = await acting(options, async (speaker) => {
        const until = resolveWhen(text, '--until', await whenFrame(speaker, launch));
        const waiver = { criterion, reason, risk, until };
        return await speaker.tellItem(launch, item, { type: 'waive', ...waiver, ...keyOf(options) });
      });
      printAccepted(context, accepted);
    }
  )
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--risk <text>', 'what may happen because of it')
    .requiredOption('--until <when>', 'when it ends: a date, +30d, or T+7d (after the launch)');
