import { command } from './command';
import { sayToItem } from './say';

export const ack = () =>
  command<{ note?: string }>(
    'ack <launch> <item>',
    {
      summary: 'say that you have seen an item and are on it',
      examples: [
        'launch ack storefront-2 BLOCKER-STAGING --as devops',
        'launch ack storefront-2 DOCS --note "tonight" --as pilot',
      ],
      says: true,
    },
    async (context, [launch = '', item = '']) =>
      sayToItem(context, [launch, item], { type: 'acknowledge', note: context.options.note })
  ).option('--note <text>', 'what you are going to do');
