import { command } from './command';
import { sayToItem } from './say';

export const reopen = () =>
  command<{ reason: string }>(
    'reopen <launch> <item>',
    {
      summary: 'say that a resolved item is not done; your word is then needed that it is',
      examples: ['launch reopen storefront-2 BLOCKER-STAGING --reason "502 again" --as pilot'],
      says: true,
    },
    async (context, [launch = '', item = '']) =>
      sayToItem(context, [launch, item], { type: 'reopen', reason: context.options.reason })
  ).requiredOption('--reason <text>', 'what is wrong with it');
