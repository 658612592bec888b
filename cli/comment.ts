import { command } from './command';
import { sayToItem } from './say';

export const comment = () =>
  command(
    'comment <launch> <item> <text...>',
    {
      summary: 'write something beside an item',
      examples: ['launch comment storefront-2 BLOCKER-STAGING "the vendor answers at nine" --as devops'],
      says: true,
    },
    async (context, [launch = '', item = '', ...words]) =>
      sayToItem(context, [launch, item], { type: 'comment', text: words.join(' ') })
  );
