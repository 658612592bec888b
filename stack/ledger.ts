import type { ChainReport, KeptHead } from '../domain/ledger-chain';
import { createLedger } from '../prisma/ledger';
import type { Rebuilt } from '../prisma/rebuild';
import { withDatabase } from './database-of';
import { entryLine, headerLine } from './ledger-file';

/** Characters that are written at once. */
const WRITE_AT_ONCE = 65_536;

/** The launches whose ledgers the database of `withDatabase` has, the oldest first. */
export async function ledgerLaunches(data: string): Promise<string[]> {
  return await withDatabase(data, (database) => createLedger(database).launches());
}

/** Each launch against the heads that were kept of it, one after the other. */
export async function verifyLedgers(
  data: string,
  wanted: ReadonlyArray<{ launch: string; kept: readonly KeptHead[] }>
): Promise<ChainReport[]> {
  return await withDatabase(data, async (database) => {
    const reports: ChainReport[] = [];
    for (const { launch, kept } of wanted) reports.push(await createLedger(database).verify(launch, kept));
    return reports;
  });
}

export async function rebuildRows(data: string, launch: string): Promise<Rebuilt> {
  return await withDatabase(data, (database) => createLedger(database).rebuild(launch));
}

/** Gives the ledger to `write` piece by piece, each waited for, and says whether it holds. */
export async function exportLedger(
  data: string,
  launch: string,
  write: (text: string) => Promise<void>
): Promise<ChainReport> {
  return await withDatabase(data, async (database) => {
    let waiting = '';
    const report = await createLedger(database).export(launch, {
      begin: (head) => write(headerLine(head)),
      write: async (entry) => {
        waiting += entryLine(entry);
        if (waiting.length < WRITE_AT_ONCE) return;
        const text = waiting;
        waiting = '';
        await write(text);
      },
    });
    await write(waiting);
    return report;
  });
}
