import { command } from './command';
import { sayToLaunch } from './say';

export const release = () =>
  command<{ reason?: string }>(
    'release <launch>',
    {
      summary: 'end the hold',
      examples: ['launch release storefront-2 --reason "the provider is back" --as ana'],
      says: true,
    },
    async (context, [launch = '']) => sayToLaunch(context, launch, { type: 'release', reason: context.options.reason })
  ).option('--reason <text>', 'what has changed');
