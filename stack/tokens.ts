import { resolve } from 'node:path';
import { readConfig } from '../config';
import { openDatabase } from '../prisma/database';
import {
  createTokenStore,
  shownToken,
  TOKEN_KINDS,
  type StoredToken,
  type TokenKind,
  type TokenStore,
} from '../prisma/tokens';
import { StackError } from './errors';
import { readStack } from './stack-file';

export { shownToken, TOKEN_KINDS, type StoredToken, type TokenKind };

/**
 * The tokens of the database that the environment gives, else of the data folder's stack: whoever has its address may
 * make any.
 * @throws StackError DATABASE_UNAVAILABLE where none is known, ConfigError, LedgerError
 */
export async function withTokens<T>(data: string, work: (tokens: TokenStore) => Promise<T>): Promise<T> {
  const url = readConfig().databaseUrl ?? readStack(resolve(data))?.database.url;
  if (!url) {
    const message = `No database is known: DATABASE_URL is not set and no stack runs in ${data}. Set it, or start one with 'launch up'.`;
    throw new StackError('DATABASE_UNAVAILABLE', message);
  }
  const database = openDatabase(url);
  try {
    return await work(createTokenStore(database));
  } finally {
    await database.close();
  }
}
