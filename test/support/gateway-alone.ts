import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Deps } from '../../gateway/app';
import type { ReadBoard } from '../../gateway/boards';
import { Live } from '../../gateway/live';
import { createServer, type ServerOptions } from '../../gateway/server';
import type { Pages } from '../../prisma/pages';
import type { StoredToken } from '../../prisma/tokens';
import type { LedgerEntry } from '../../domain/ledger';

export const OPERATOR_TOKEN = 'launch_operator';
const YEAR_MS = 365 * 86_400_000;

/** A ledger of one launch in memory, which answers as the database would. */
export class MemoryLedger {
  readonly all: LedgerEntry[] = [];
  /** How many facts each reading of the past was given. */
  readonly read: number[] = [];

  write(position: number, text = ''): void {
    const fact = { position: String(position), launch: 'shop', seq: position, type: 'noise', at: 0, body: { text } };
    this.all.push(fact as unknown as LedgerEntry);
  }

  private after(position: string): LedgerEntry[] {
    return this.all.filter((entry) => BigInt(entry.position) > BigInt(position));
  }

  private reached(): string {
    return this.all.at(-1)?.position ?? '0';
  }

  readonly pages = {
    reach: async () => ({ position: this.reached(), head: null }),
    facts: async ({ after = '0', limit = 1_000 }: { after?: string; limit?: number }) => {
      const found = this.after(after).slice(0, limit);
      this.read.push(found.length);
      return found;
    },
    newFacts: async (watched: ReadonlyMap<string, string>) =>
      [...watched.values()].flatMap((after) => this.after(after)),
    lastMeasurement: async () => '0',
    newMeasurements: async () => [],
  } as unknown as Pages;

  board(title: string): ReadBoard {
    const board = { id: 'shop', title, items: [] } as unknown as ReadBoard['board'];
    return { board, ledger: { position: this.reached(), head: null }, at: Date.now(), live: true, isOver: false };
  }
}

/** A gateway that really listens, over what a test holds in its hands instead of Temporal and the database. */
export async function gatewayAlone(
  options: Partial<ServerOptions> = {},
  given: { ledger?: MemoryLedger; board?: () => Promise<ReadBoard>; deps?: Partial<Deps> } = {}
) {
  const { ledger = new MemoryLedger() } = given;
  /** By what is brought; each look-up is counted. */
  const known = new Map<string, string>();
  const asked = { tokens: 0 };
  const stored = (person: string): StoredToken => {
    const now = Date.now();
    return { id: person, person, kind: 'person', launches: ['*'], note: '', createdAt: now, expiresAt: now + YEAR_MS };
  };
  const find = async (token: string) => {
    asked.tokens++;
    const person = known.get(token);
    return person === undefined ? undefined : stored(person);
  };
  const session = async (secret: string) => {
    const token = await find(secret);
    return token && { token };
  };
  const log = pino({ level: 'silent' });
  const boards = { read: given.board ?? (async () => ledger.board('Shop')) } as unknown as Deps['boards'];
  const live = new Live({ pages: ledger.pages, boards, log });
  const keys = { tokens: { find, session, signIn: async () => 'secret' }, operator: OPERATOR_TOKEN };
  const deps = { keys, pages: ledger.pages, boards, live, streams: new Set(), launches: {}, ...given.deps };
  const app = await createServer(deps as unknown as Deps, { log, ...options });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await app.close();
    await live.stop();
  };
  return { url: `http://127.0.0.1:${port}`, port, known, asked, ledger, close };
}

export type GatewayAlone = Awaited<ReturnType<typeof gatewayAlone>>;
