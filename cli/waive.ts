import { command } from './command';
import { sayToItem } from './say';
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
      acts: true,
    },
    async (context, [launch = '', item = '', criterion]) => {
      const { reason, risk, until: text } = context.options;
      const until = await context.session(async ({ launches }) => {
        const { timezone: zone, launchAt } = await launches.board(launch);
        return resolveWhen(text, '--until', { zone, now: Date.now(), launchAt: Date.parse(launchAt) });
      });
      await sayToItem(context, [launch, item], { type: 'waive', criterion, reason, risk, until });
    }
  )
    .requiredOption('--reason <text>', 'why it is accepted')
    .requiredOption('--risk <text>', 'what may happen because of it')
    .requiredOption('--until <when>', 'when it ends: a date, +30d, or T+7d (after the launch)');
