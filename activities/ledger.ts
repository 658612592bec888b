import { ApplicationFailure } from '@temporalio/common';
import type { FactBatch, Recorded } from '../domain/ledger';
import { LedgerError } from '../prisma/errors';
import type { Store } from '../prisma/store';

/** The ledger as workflows may use it. */
export const createLedgerActivities = (store: Pick<Store, 'recordFacts'>) => ({
  /**
   * Writes a workflow's facts and row; safe to repeat with the same or an overlapping batch.
   * Fails with `FACT_REFUSED`, not retried, for what can never be written, and with `DATABASE_UNREACHABLE` or
   * `DATABASE_NOT_READY`, retried, until the database is back or somebody has set it up.
   */
  async recordFacts(batch: FactBatch): Promise<Recorded> {
    try {
      return await store.recordFacts(batch);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      throw ApplicationFailure.create({
        message: error.message,
        type: error.code,
        nonRetryable: error.code === 'FACT_REFUSED',
        cause: error,
      });
    }
  },
});

export type LedgerActivities = ReturnType<typeof createLedgerActivities>;
