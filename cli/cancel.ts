import { command } from './command';
import { sayToLaunch } from './say';

export const cancel = () =>
  command<{ reason: string }>(
    'cancel <launch>',
    {
      summary: 'end a launch for good; its items end with it',
      examples: ['launch cancel storefront-2 --reason "the product is dropped" --as ana'],
      says: true,
    },
    async (context, [launch = '']) => sayToLaunch(context, launch, { type: 'cancel', reason: context.options.reason })
  ).requiredOption('--reason <text>', 'why; kept as the end of it');
