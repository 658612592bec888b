import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { APP_ROLE } from './connection';
import { LedgerError } from './errors';

const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * What Postgres keeps of a password (RFC 5803), made here so that the password itself is in no statement, and with that
 * in no log of the server. For printable ASCII, which needs no preparation.
 */
export function scramVerifier(password: string, salt = randomBytes(SALT_BYTES)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const keyed = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`;
}

/**
 * Lets the application's role log in with this password, and with none before it: workers and gateways then need no user
 * that owns the tables. @throws LedgerError DATABASE_NOT_READY where the user may not
 */
export async function letAppLogIn(client: pg.Client, password: string): Promise<void> {
  try {
    // Base64, digits and signs: nothing to be escaped.
    await client.query(`ALTER ROLE ${APP_ROLE} LOGIN PASSWORD '${scramVerifier(password)}'`);
  } catch (error) {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    const fix = `let an administrator run: ALTER ROLE ${APP_ROLE} LOGIN PASSWORD '…'; and unset LAUNCH_APP_PASSWORD`;
    throw new LedgerError('DATABASE_NOT_READY', `this user may not change the role ${APP_ROLE}; ${fix}`, {
      cause: error,
    });
  }
}
