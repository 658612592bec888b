import {
  ChainWalk,
  chainStart,
  hashIfAny,
  type ChainEntry,
  type ChainReport,
  type KeptHead,
  type LedgerContent,
} from '../domain/ledger-chain';
import { readChain } from './chained';
import type { Database } from './database';
import { toLedgerError } from './errors';
import type { Prisma } from './generated/client';
import { rebuildRows, type Rebuilt } from './rebuild';
import { fromColumn } from './stored';
import { escapeText, unescapeText } from './text';

/** Of a whole ledger: as long as it takes to read millions of entries. */
const TRANSACTION = { maxWait: 10_000, timeout: 3_600_000 };
const SNAPSHOT = { ...TRANSACTION, isolationLevel: 'RepeatableRead' as const };

/** Reads whole ledgers; what other processes write meanwhile is not seen. All throw `LedgerError`. */
export type Ledger = ReturnType<typeof createLedger>;

export function createLedger({ client, where }: Database) {
  type Run<T> = (tx: Prisma.TransactionClient) => Promise<T>;
  const inTransaction = async <T>(what: string, run: Run<T>, options: typeof TRANSACTION): Promise<T> => {
    try {
      return await client.$transaction(run, options);
    } catch (error) {
      throw toLedgerError(error, what, where);
    }
  };
  const inSnapshot = <T>(what: string, run: Run<T>): Promise<T> => inTransaction(what, run, SNAPSHOT);

  return {
    /** The ids of all launches of which there is anything, the oldest first: also of entries whose launch was removed. */
    async launches(): Promise<string[]> {
      const query = { select: { id: true }, orderBy: [{ createdAt: 'asc' as const }, { id: 'asc' as const }] };
      const found = await inSnapshot('Reading launches', async (tx) => {
        const orphans = await tx.$queryRaw<Array<{ id: string }>>`
          SELECT DISTINCT "launchId" AS "id" FROM "Fact"
          WHERE NOT EXISTS (SELECT FROM "Launch" WHERE "Launch"."id" = "launchId") ORDER BY "id"`;
        return [...(await tx.launch.findMany(query)), ...orphans];
      });
      return found.map(({ id }) => unescapeText(id));
    },

    /** The whole chain of a launch against its own hashes and the heads that were kept outside of the database. */
    async verify(launch: string, kept: readonly KeptHead[] = []): Promise<ChainReport> {
      return await inSnapshot('Verifying the ledger', (tx) => walk(tx, { launch, kept }));
    },

    /** Nothing of it is read yet: see `walkOn`. */
    begin(launch: string): ChainWalk {
      return new ChainWalk(escapeText(launch), []);
    },

    /**
     * Verifies at most `most` entries more, behind those that `chain` has seen. The report comes when the end was
     * reached; what is written later can be walked on from there while nothing was found.
     */
    async walkOn(launch: string, chain: ChainWalk, most: number): Promise<ChainReport | undefined> {
      const stretch = (tx: Prisma.TransactionClient) => walkStretch(tx, { launch, chain, most });
      return await inSnapshot('Verifying the ledger', stretch);
    },

    /** The hash of an entry as it stands there; undefined where there is no such entry. */
    async hashAt(launch: string, number: number): Promise<string | undefined> {
      const where = { launchId: escapeText(launch), number };
      const found = await inSnapshot('Reading the ledger', (tx) =>
        tx.fact.findFirst({ where, select: { hash: true } })
      );
      return found?.hash ?? undefined;
    },

    /** As `verify`, and gives each entry to `write`, which is waited for. The head is given before the first of them. */
    async export(launch: string, to: Export): Promise<ChainReport> {
      return await inSnapshot('Exporting the ledger', (tx) => walk(tx, { launch, kept: [], to }));
    },

    /** As `verify`, and gives each entry to `take` as it was meant, not as it is stored: all in one reading. */
    async read(launch: string, kept: readonly KeptHead[], take: (entry: LedgerContent) => void): Promise<ChainReport> {
      const to: Export = { begin: async () => undefined, write: async (entry) => take(meant(entry)) };
      return await inSnapshot('Reading the ledger', (tx) => walk(tx, { launch, kept, to }));
    },

    /** Makes the launch's rows of lists and pages anew from its entries. Writes nothing where the chain is broken. */
    async rebuild(launch: string): Promise<Rebuilt> {
      const rebuild = (tx: Prisma.TransactionClient) => rebuildRows(tx, escapeText(launch));
      return await inTransaction('Rebuilding the rows', rebuild, TRANSACTION);
    },
  };
}

/** Where an exported ledger goes to. */
export interface Export {
  begin(head: { launch: string; number: number; hash: string }): Promise<void>;
  write(entry: ChainEntry): Promise<void>;
}

/** Texts in the chain are as they are stored, the launch's id too. */
async function walk(
  tx: Prisma.TransactionClient,
  { launch: given, kept, to }: { launch: string; kept: readonly KeptHead[]; to?: Export }
): Promise<ChainReport> {
  const launch = escapeText(given);
  const head = await headOf(tx, launch);
  await to?.begin({ launch, ...head });
  const chain = new ChainWalk(launch, kept);
  for await (const { entry, isExact } of readChain(tx, launch)) {
    const isSound = chain.take(entry, isExact);
    // What cannot be written as JSON at all is only said to be changed.
    if (isSound || hashIfAny(entry) !== undefined) await to?.write(entry);
  }
  await findUnchained(tx, launch, chain);
  return { ...chain.end(head), launch: given };
}

/** Without what is doubled and spelled out because the database cannot store it. */
function meant({ launch, workflow, firstRun, item, type, body, ...rest }: ChainEntry): LedgerContent {
  const [id, of, run, what] = [launch, workflow, firstRun, type].map(unescapeText) as [string, string, string, string];
  const about = item === null ? null : unescapeText(item);
  return { ...rest, launch: id, workflow: of, firstRun: run, type: what, item: about, body: fromColumn(body) };
}

async function walkStretch(
  tx: Prisma.TransactionClient,
  { launch, chain, most }: { launch: string; chain: ChainWalk; most: number }
): Promise<ChainReport | undefined> {
  const id = escapeText(launch);
  const head = await headOf(tx, id);
  let taken = 0;
  for await (const { entry, isExact } of readChain(tx, id, chain.reached?.number)) {
    chain.take(entry, isExact);
    if (++taken >= most) return undefined;
  }
  await findUnchained(tx, id, chain);
  return { ...chain.end(head), launch };
}

async function headOf(tx: Prisma.TransactionClient, id: string): Promise<{ number: number; hash: string }> {
  const row = await tx.launch.findUnique({ where: { id }, select: { headNumber: true, headHash: true } });
  return { number: row?.headNumber ?? 0, hash: row?.headHash ?? chainStart(id).hash };
}

async function findUnchained(tx: Prisma.TransactionClient, launchId: string, chain: ChainWalk): Promise<void> {
  const where = { launchId, number: null };
  const count = await tx.fact.count({ where });
  if (count === 0) return;
  const first = await tx.fact.findFirst({ where, orderBy: { position: 'asc' }, select: { position: true } });
  const text = `${count === 1 ? 'a row stands' : `${count} rows stand`} outside of the chain, the first at position ${first?.position}; 'launch migrate --chain' puts in what a worker of an older version wrote, and nothing else should`;
  chain.found('UNCHAINED', 0, text);
}
