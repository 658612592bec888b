import { canonicalJson } from '../domain/digest';
import { ChainWalk, type ChainReport } from '../domain/ledger-chain';
import { foldRow, ROW, type RowBody, type Rows } from '../domain/ledger-rows';
import type { Json } from '../domain/plan';
import { itemColumns, launchColumns, rowBody, rowIn, rowOfItem, rowOfLaunch, type StorableRow } from './batch';
import { readChain } from './chained';
import type { Prisma } from './generated/client';
import { fromColumn } from './stored';
import { lockLaunch } from './write';

type Transaction = Prisma.TransactionClient;

/** A row that was not as the ledger says; null: there was none, or is to be none. */
export interface Difference {
  /** `launch`, `plan`, or `item ID`. */
  row: string;
  was: Json;
  is: Json;
}

export interface Rebuilt {
  /** Of the chain; nothing is written where it is broken. */
  report: ChainReport;
  differed: Difference[];
}

/** Holds the launch's lock, so that nothing is written meanwhile. */
export async function rebuildRows(tx: Transaction, launchId: string): Promise<Rebuilt> {
  const { head } = await lockLaunch(tx, launchId);
  const chain = new ChainWalk(launchId, []);
  const rows: Rows = { items: new Map() };
  for await (const { entry, isExact } of readChain(tx, launchId)) {
    const isSound = chain.take(entry, isExact);
    // What was changed need not be a row of any shape.
    if (isSound && entry.seq === null && entry.type === ROW) foldRow(rows, entry.body as unknown as RowBody);
  }
  const report = chain.end(head);
  if (report.broken > 0) return { report, differed: [] };
  const launch = await rebuildLaunch(tx, launchId, rows);
  return { report, differed: [...launch, ...(await rebuildItems(tx, launchId, rows))] };
}

/** Texts as they are stored are compared, and shown as they were given. */
function difference(row: string, was: Json, is: Json): Difference[] {
  return canonicalJson(was) === canonicalJson(is) ? [] : [{ row, was: fromColumn(was), is: fromColumn(is) }];
}

const rowJson = (row: StorableRow): Json => (rowBody(0, row) as { row: Json }).row;
const storable = (row: unknown): StorableRow => rowIn({ row: row as Json });

async function rebuildLaunch(tx: Transaction, id: string, { launch, plan }: Rows): Promise<Difference[]> {
  const stored = await tx.launch.findUniqueOrThrow({ where: { id } });
  const was = stored.seq < 0 ? null : rowJson(rowOfLaunch(stored));
  const rows = difference('launch', was, (launch?.row ?? null) as Json);
  const plans = difference('plan', stored.plan as Json, plan?.plan ?? null);
  // A count beyond the ledger's would keep newer states out: it is the ledger's again, also where the rest is the same.
  const seq = launch?.seq ?? -1;
  if (rows.length > 0 || stored.seq !== seq) {
    const given = launch && storable(launch.row);
    const columns = given?.kind === 'launch' ? launchColumns(given) : NOTHING_KNOWN;
    await tx.launch.update({ where: { id }, data: { ...columns, seq, updatedAt: new Date() } });
  }
  const planSeq = plan?.seq ?? -1;
  if (plans.length > 0 || stored.planSeq !== planSeq) {
    const text = plan ? JSON.stringify(plan.plan) : null;
    await tx.$executeRaw`UPDATE "Launch" SET "plan" = ${text}::jsonb, "planSeq" = ${planSeq} WHERE "id" = ${id}`;
  }
  return [...rows, ...plans];
}

const NOTHING_KNOWN = {
  title: null,
  revision: null,
  phase: null,
  launchAt: null,
  verdict: null,
  verdictAt: null,
};

async function rebuildItems(tx: Transaction, launchId: string, { items }: Rows): Promise<Difference[]> {
  const stored = new Map((await tx.item.findMany({ where: { launchId } })).map((row) => [row.id, row]));
  const differed: Difference[] = [];
  for (const id of new Set([...stored.keys(), ...items.keys()])) {
    const [was, is] = [stored.get(id), items.get(id)];
    const found = difference(
      `item ${fromColumn(id) as string}`,
      was ? rowJson(rowOfItem(was)) : null,
      (is?.row ?? null) as Json
    );
    if (found.length === 0 && was?.seq === is?.seq) continue;
    differed.push(...found);
    const key = { launchId, id };
    const row = is && storable(is.row);
    if (row?.kind !== 'item') await tx.item.delete({ where: { launchId_id: key } });
    else {
      const data = { ...itemColumns(row), seq: is!.seq, updatedAt: new Date() };
      await tx.item.upsert({ where: { launchId_id: key }, create: { ...key, ...data }, update: data });
    }
  }
  return differed;
}
