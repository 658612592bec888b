import { command } from './command';
import { CliError } from './failure';
import { sayToLaunch } from './say';

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CliError('BAD_INPUT', `--skip takes the number of an action, as launch status shows it; not '${text}'.`);
}

export const retryActions = () =>
  command<{ skip?: string; reason?: string }>(
    'retry-actions <launch>',
    {
      summary: 'after GO: try the action again that failed, or skip it, and go on from there',
      examples: [
        'launch retry-actions storefront-2 --as ana',
        'launch retry-actions storefront-2 --skip 2 --reason "opened by hand" --as ana',
      ],
      says: true,
    },
    async (context, [launch = '']) => {
      const { skip, reason } = context.options;
      await sayToLaunch(context, launch, { type: 'retryActions', skip: numberOf(skip), reason });
    }
  )
    .option('--skip <number>', 'go on behind the action that failed, without doing it; it is kept as skipped')
    .option('--reason <text>', 'why; needed to skip, and kept');
