import type { Launches } from '../client/launches';
import { createLedger } from '../prisma/ledger';
import { createPages } from '../prisma/pages';
import { gatherReport } from '../report/gather';
import type { Report } from '../report/schema';
import { withDatabase } from './database-of';

/**
 * The report of a launch from the database of `withDatabase`, and from what Temporal knows of it, where it answers.
 * @throws NoSuchLaunch, StackError DATABASE_UNAVAILABLE, LedgerError
 */
export async function readReport(
  data: string,
  launch: string,
  live: Pick<Launches, 'board' | 'ledgerHeads'>
): Promise<Report> {
  return await withDatabase(data, async (database) => {
    const { keptBoard } = createPages(database);
    const { read } = createLedger(database);
    return await gatherReport({ ...live, keptBoard, read }, launch);
  });
}
