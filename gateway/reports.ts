import type { Launches } from '../client/launches';
import type { Ledger } from '../prisma/ledger';
import type { Pages } from '../prisma/pages';
import { gatherReport, NoSuchLaunch } from '../report/gather';
import type { Report } from '../report/schema';
import { Problem } from './problem';

/** A whole ledger is read and hashed for each; those that come meanwhile wait. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 20;

interface Sources {
  launches: Launches;
  pages: Pages;
  ledger: Ledger;
}

/** Makes reports, of one launch one at a time for all who ask, and of few launches at once. */
export class Reports {
  private readonly making = new Map<string, Promise<Report>>();
  private readonly waiting: Array<() => void> = [];
  private busy = 0;

  constructor(private readonly sources: Sources) {}

  /** @throws Problem NOT_FOUND, TOO_MANY_REQUESTS; LedgerError: without the ledger there is no report */
  async read(launch: string): Promise<Report> {
    const under = this.making.get(launch) ?? this.begin(launch).finally(() => this.making.delete(launch));
    this.making.set(launch, under);
    return await under;
  }

  private async begin(launch: string): Promise<Report> {
    if (this.busy >= MOST_AT_ONCE) await this.turn();
    else this.busy++;
    try {
      const { launches, pages, ledger } = this.sources;
      const { board, ledgerHeads } = launches;
      return await gatherReport({ board, ledgerHeads, keptBoard: pages.keptBoard, read: ledger.read }, launch);
    } catch (error) {
      throw error instanceof NoSuchLaunch ? new Problem(error.code, error.message) : error;
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy--;
    }
  }

  /** Whoever leaves gives its place to the next. */
  private async turn(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) {
      throw new Problem('TOO_MANY_REQUESTS', 'too many reports are being made; again in a moment');
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
