import type { GateName } from '../domain/plan';
import { collect, command } from './command';
import { CliError } from './failure';
import { sayToLaunch } from './say';

interface Options {
  accept?: boolean;
  reject?: boolean;
  gate?: GateName;
  owner?: string[];
  reason?: string;
}

export const reviewBlocker = () =>
  command<Options>(
    'review-blocker <launch> <report>',
    {
      summary: 'accept a reported blocker as an item, or reject it with a reason',
      examples: [
        'launch review-blocker storefront-2 REPORTED-1 --accept --gate must --owner qa --as ana',
        'launch review-blocker storefront-2 REPORTED-2 --reject --reason "known, and harmless" --as ana',
      ],
      says: true,
    },
    async (context, [launch = '', report = '']) => {
      const { accept, reject, gate, owner: owners, reason } = context.options;
      if ((accept ?? false) === (reject ?? false)) throw new CliError('BAD_INPUT', 'Give --accept or --reject.');
      const review = { report, accept: accept === true, gate, reason, owners };
      await sayToLaunch(context, launch, { type: 'reviewBlocker', ...review });
    }
  )
    .option('--accept', 'it becomes an item of a new revision of the plan')
    .option('--reject', 'it is kept with the reason')
    .option('--gate <gate>', 'must, should or nice: where an accepted one is gated (default: must)')
    .option(
      '--owner <person>',
      'who owns it, may be repeated; else whom its reporter named, else the authority',
      collect
    )
    .option('--reason <text>', 'needed to reject');
