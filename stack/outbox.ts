import { createDeliveryStore, type StoredDelivery } from '../prisma/deliveries';
import { withDatabase } from './database-of';

export type { StoredDelivery };

/** The outbox of the database that `withDatabase` finds; the newest first. */
export async function readOutbox(
  data: string,
  page: { launch?: string; limit?: number },
  env = process.env
): Promise<StoredDelivery[]> {
  return await withDatabase(data, (database) => createDeliveryStore(database).list(page), env);
}
