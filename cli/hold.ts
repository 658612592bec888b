import { command } from './command';
import { sayToLaunch } from './say';

export const hold = () =>
  command<{ reason: string }>(
    'hold <launch>',
    {
      summary: 'stop the clock until it is released',
      examples: ['launch hold storefront-2 --reason "payment provider is down" --as ana'],
      says: true,
    },
    async (context, [launch = '']) => sayToLaunch(context, launch, { type: 'hold', reason: context.options.reason })
  ).requiredOption('--reason <text>', 'why; shown to everybody while it holds');
