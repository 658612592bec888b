import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { isoText } from '../domain/text';
import type { Database } from './database';
import { attemptsAt } from './errors';
import type { Prisma } from './generated/client';
import { escapeText, unescapeText } from './text';

export const TOKEN_KINDS = ['person', 'agent', 'observer'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** In front of every token, so that one that leaked is found by whoever searches for such. */
const PREFIX = 'launch_';
const SECRET_BYTES = 32;
/** All launches, those of tomorrow too. */
export const ALL_LAUNCHES = '*';

/** A token as it is kept: never the token itself. Instants are epoch ms. */
export interface StoredToken {
  id: string;
  person: string;
  kind: TokenKind;
  launches: string[];
  note: string;
  createdAt: number;
  expiresAt: number;
  revokedAt?: number;
}

export interface NewToken {
  person: string;
  kind: TokenKind;
  launches: string[];
  note?: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** Who signed a page in: somebody with a token of theirs, or the operator. */
export type SessionOf = { token: StoredToken } | { operator: string };

/** As the API and the command line show it: instants in ISO 8601. */
export function shownToken({ createdAt, expiresAt, revokedAt, ...token }: StoredToken) {
  const revoked = revokedAt === undefined ? null : isoText(revokedAt);
  return { ...token, createdAt: isoText(createdAt), expiresAt: isoText(expiresAt), revokedAt: revoked };
}

/** What is kept of a secret: it has 256 random bits, so that a plain hash cannot be guessed back. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function newSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** All throw `LedgerError`; see its codes. */
export type TokenStore = ReturnType<typeof createTokenStore>;

export function createTokenStore({ client, where }: Database) {
  const attempt = attemptsAt(where);
  return {
    /** The only time that the token itself is to be had. */
    async create({ person, kind, launches, note = '', expiresAt }: NewToken): Promise<StoredToken & { token: string }> {
      const token = newSecret();
      const data = {
        id: randomUUID(),
        hash: hashOf(token),
        person: escapeText(person),
        kind,
        launches: launches.map(escapeText),
        note: escapeText(note),
        expiresAt: new Date(expiresAt),
      };
      const row = await attempt('Making a token', () => client.token.create({ data }));
      return { ...toToken(row), token };
    },

    /** The newest first. */
    async list(): Promise<StoredToken[]> {
      const orderBy = [{ createdAt: 'desc' as const }, { id: 'asc' as const }];
      return (await attempt('Reading tokens', () => client.token.findMany({ orderBy }))).map(toToken);
    },

    /** The token is worth nothing from now on, nor is any page that was signed in with it. False: there is none. */
    async revoke(id: string, now = Date.now()): Promise<boolean> {
      return await attempt('Revoking a token', async () => {
        const mark = { where: { id: escapeText(id), revokedAt: null }, data: { revokedAt: new Date(now) } };
        if ((await client.token.updateMany(mark)).count > 0) return true;
        return (await client.token.findUnique({ where: { id: escapeText(id) } })) !== null;
      });
    },

    /** Whose token this is, while it is worth anything. */
    async find(token: string, now = Date.now()): Promise<StoredToken | undefined> {
      const row = await attempt('Reading a token', () => client.token.findUnique({ where: { hash: hashOf(token) } }));
      return row && isValid(row, now) ? toToken(row) : undefined;
    },

    /** Signs a page in; gives what its cookie holds. */
    async signIn(who: { tokenId: string } | { operator: string }, expiresAt: number): Promise<string> {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const data = { hash: hashOf(secret), expiresAt: new Date(expiresAt), ...who };
      await attempt('Signing in', async () => {
        await client.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
        await client.session.create({ data });
      });
      return secret;
    },

    /** Whose page this is, while it is signed in. */
    async session(secret: string, now = Date.now()): Promise<SessionOf | undefined> {
      const query = { where: { hash: hashOf(secret) }, include: { token: true } };
      const row = await attempt('Reading a session', () => client.session.findUnique(query));
      if (!row || row.expiresAt.getTime() <= now) return undefined;
      if (row.operator !== null) return { operator: row.operator };
      return row.token && isValid(row.token, now) ? { token: toToken(row.token) } : undefined;
    },

    async signOut(secret: string): Promise<void> {
      await attempt('Signing out', () => client.session.deleteMany({ where: { hash: hashOf(secret) } }));
    },
  };
}

function isValid({ expiresAt, revokedAt }: { expiresAt: Date; revokedAt: Date | null }, now: number): boolean {
  return revokedAt === null && expiresAt.getTime() > now;
}

function toToken(row: Prisma.TokenGetPayload<object>): StoredToken {
  return {
    id: row.id,
    person: unescapeText(row.person),
    // What is none of them may do least.
    kind: TOKEN_KINDS.find((kind) => kind === row.kind) ?? 'observer',
    launches: row.launches.map(unescapeText),
    note: unescapeText(row.note),
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    ...(row.revokedAt !== null && { revokedAt: row.revokedAt.getTime() }),
  };
}
