import { command } from './command';
import { sayToLaunch } from './say';

export const retryActions = () =>
  command<object>(
    'retry-actions <launch>',
    {
      summary: 'after GO: try the action again that failed, and go on from there',
      examples: ['launch retry-actions storefront-2 --as ana'],
      acts: true,
    },
    async (context, [launch = '']) => sayToLaunch(context, launch, { type: 'retryActions' })
  );
