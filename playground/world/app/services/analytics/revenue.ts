import { factsFromLogs } from './facts-from-logs';

/** Until the schema has a model for facts, they are read from the logs. */
export const revenueOf = (shop: string) => factsFromLogs(shop, 'revenue');
