import { command } from './command';
import { sayToItem } from './say';

export const retract = () =>
  command(
    'retract <launch> <item> [criterion]',
    {
      summary: 'take back your word, or your waiver',
      examples: ['launch retract storefront-2 BLOCKER-STAGING pilot-in --as pilot'],
      says: true,
    },
    async (context, [launch = '', item = '', criterion]) =>
      sayToItem(context, [launch, item], { type: 'retract', criterion })
  );
