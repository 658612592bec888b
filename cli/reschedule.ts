import { command } from './command';
import { sayToLaunch } from './say';
import { resolveWhen } from './when';

export const reschedule = () =>
  command<{ reason: string }>(
    'reschedule <launch> <when>',
    {
      summary: 'move the launch date, and all that hangs on it; sign-offs are void then',
      examples: [
        'launch reschedule storefront-2 "2025-11-03 14:00" --reason "freeze" --as ana',
        'launch reschedule storefront-2 T+1d --reason "one more day of tests" --as ana',
      ],
      acts: true,
    },
    async (context, [launch = '', when = '']) => {
      const at = await context.session(async ({ launches }) => {
        const { timezone: zone, launchAt } = await launches.board(launch);
        return resolveWhen(when, 'WHEN', { zone, now: Date.now(), launchAt: Date.parse(launchAt) });
      });
      await sayToLaunch(context, launch, { type: 'reschedule', at, reason: context.options.reason });
    }
  ).requiredOption('--reason <text>', 'why; shown to everybody who was told the old date');
