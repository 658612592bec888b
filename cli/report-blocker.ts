import type { Priority, Severity } from '../domain/plan';
import { collect, command } from './command';
import { sayToLaunch } from './say';

interface Options {
  impact?: string;
  owner?: string[];
  priority?: Priority;
  severity?: Severity;
  acceptance?: string[];
}

export const reportBlocker = () =>
  command<Options>(
    'report-blocker <launch> <title...>',
    {
      summary: 'report what nobody has planned; until it is reviewed the launch cannot be GO',
      examples: [
        'launch report-blocker storefront-2 "Checkout loses carts" --priority P0 --owner qa --as pilot',
        'launch report-blocker storefront-2 "Slow search" --impact "users leave" --acceptance "p95 below 1 s" --as pilot',
      ],
      acts: true,
    },
    async (context, [launch = '', ...words]) => {
      const { impact, owner: owners, priority, severity, acceptance } = context.options;
      const title = words.join(' ');
      await sayToLaunch(context, launch, {
        type: 'reportBlocker',
        title,
        impact,
        owners,
        priority,
        severity,
        acceptance,
      });
    }
  )
    .option('--impact <text>', 'what cannot be done because of it')
    .option('--owner <person>', 'who should resolve it; may be repeated', collect)
    .option('--priority <P0..P4>', 'how urgent it is')
    .option('--severity <word>', 'critical, high, medium or low')
    .option('--acceptance <criterion>', 'when it counts as resolved; may be repeated', collect);
