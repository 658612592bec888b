import type { Database } from '../prisma/database';
import { createDeliveryStore, type StoredDelivery } from '../prisma/deliveries';
import { createPages } from '../prisma/pages';
import { withDatabase } from './database-of';

export type { StoredDelivery };

/** The outbox of the database that `withDatabase` finds, the newest first; undefined where the ledger has nothing of `launch`. */
export async function readOutbox(
  data: string,
  page: { launch?: string; limit?: number },
  env = process.env
): Promise<StoredDelivery[] | undefined> {
  const read = async (database: Database): Promise<StoredDelivery[] | undefined> => {
    const found = await createDeliveryStore(database).list(page);
    if (found.length > 0 || page.launch === undefined) return found;
    const { head, position } = await createPages(database).reach(page.launch);
    return head === null && position === '0' ? undefined : found;
  };
  return await withDatabase(data, read, env);
}
