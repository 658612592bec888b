import { CliError } from './failure';
import { clean } from './text';

/** @throws CliError NOT_FOUND where the ledger has nothing of the launch; else as `ledgerLaunches` */
export async function mustBeInLedger(data: string, launch: string): Promise<void> {
  const { ledgerLaunches } = await import('../stack/ledger.js');
  if (!(await ledgerLaunches(data)).includes(launch))
    throw new CliError('NOT_FOUND', `the ledger has nothing of a launch '${clean(launch)}'`);
}
