import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../prisma/database';
import { LedgerError, type LedgerErrorCode } from '../prisma/errors';
import { createLedger } from '../prisma/ledger';
import { createPages } from '../prisma/pages';
import { written, type ReportFormat } from '../report/format';
import { NoSuchLaunch, reportFrom, type Answered } from '../report/gather';

/** What a thread is given to make one report of. */
export interface ReportWanted extends Answered {
  databaseUrl: string;
  launch: string;
  format: ReportFormat;
}

/** What it says, once. What is none of these is thrown, and ends it. */
export type ReportMade =
  { text: string } | { isUnknown: true } | { ledgerError: { code: LedgerErrorCode; message: string } };

async function made({ databaseUrl, format, ...of }: ReportWanted): Promise<ReportMade> {
  const database = openDatabase(databaseUrl);
  try {
    const { keptBoard } = createPages(database);
    const { read } = createLedger(database);
    return { text: written(await reportFrom({ keptBoard, read }, of), format) };
  } catch (error) {
    if (error instanceof NoSuchLaunch) return { isUnknown: true };
    if (error instanceof LedgerError) return { ledgerError: { code: error.code, message: error.message } };
    throw error;
  } finally {
    await database.close();
  }
}

void made(workerData as ReportWanted).then((said) => parentPort?.postMessage(said));
