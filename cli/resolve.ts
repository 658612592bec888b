import { command } from './command';
import { sayToItem } from './say';

export const resolve = () =>
  command<{ note?: string }>(
    'resolve <launch> <item>',
    {
      summary: 'claim that an item is done; its checks are run before it is believed',
      examples: ['launch resolve storefront-2 BLOCKER-STAGING --note "new certificate" --as devops'],
      says: true,
    },
    async (context, [launch = '', item = '']) =>
      sayToItem(context, [launch, item], { type: 'resolve', note: context.options.note })
  ).option('--note <text>', 'what was done');
