import { command } from './command';
import { sayToItem } from './say';

export const decide = () =>
  command<{ why?: string }>(
    'decide <launch> <item> <option>',
    {
      summary: 'choose an option of a decision',
      examples: ['launch decide storefront-2 TRACING-BACKEND cloud --why "no one to run it" --as ana'],
      says: true,
    },
    async (context, [launch = '', item = '', option = '']) =>
      sayToItem(context, [launch, item], { type: 'decide', option, why: context.options.why })
  ).option('--why <text>', 'the reason, kept with the choice');
