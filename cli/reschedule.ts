import { command, printAccepted } from './command';
import { acting, keyOf, whenFrame } from './say';
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
      says: true,
    },
    async (context, [launch = '', when = '']) => {
      const { options } = context;
      const accepted = await acting(options, async (speaker) => {
        const at = resolveWhen(when, 'WHEN', await whenFrame(speaker, launch));
        return await speaker.tell(launch, { type: 'reschedule', at, reason: options.reason, ...keyOf(options) });
      });
      printAccepted(context, accepted);
    }
  ).requiredOption('--reason <text>', 'why; shown to everybody who was told the old date');
