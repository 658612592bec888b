import { command } from './command';
import { sayToItem } from './say';

export const assign = () =>
  command(
    'assign <launch> <item> <owners...>',
    {
      summary: 'give an item to other owners',
      examples: [
        'launch assign storefront-2 BLOCKER-STAGING qa --as ana',
        'launch assign storefront-2 DOCS pilot qa --as ana',
      ],
      says: true,
    },
    async (context, [launch = '', item = '', ...owners]) =>
      sayToItem(context, [launch, item], { type: 'assign', owners })
  );
