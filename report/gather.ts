import type { Board } from '../domain/board';
import type { ChainReport, KeptHead, LedgerContent } from '../domain/ledger-chain';
import { LedgerFacts, MOST_FACTS } from './ledger-facts';
import { reportOf, type Gathered } from './report-of';
import type { Report } from './schema';

/** What Temporal is asked for. */
export interface LiveSources {
  /** What the launch itself says. @throws where it does not answer */
  board(launch: string): Promise<Board>;
  /** The heads of the ledger that Temporal keeps, and why not all could be asked. @throws where none could */
  ledgerHeads(launch: string): Promise<{ heads: KeptHead[]; unasked?: unknown }>;
}

/** What the database is asked for. */
export interface PastSources {
  keptBoard(launch: string): Promise<{ board: Board; position: string; at: number } | undefined>;
  /** The whole ledger, entry by entry, and whether it holds. @throws where the database does not answer */
  read(launch: string, kept: readonly KeptHead[], take: (entry: LedgerContent) => void): Promise<ChainReport>;
}

/** Where a report is made from. */
export type ReportSources = LiveSources & PastSources;

/** What Temporal has answered, in values that can be handed on to another thread. */
export interface Answered {
  live: Gathered['live'];
  heads: KeptHead[];
  /** Why Temporal could not say which heads of the ledger it keeps. */
  unasked?: string;
}

/** There is nothing of this launch anywhere. */
export class NoSuchLaunch extends Error {
  readonly code = 'NOT_FOUND';

  constructor(launch: string) {
    super(`there is no launch '${launch}'`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the launch itself says, and what of its ledger is kept outside; why not, where it does not answer. */
export async function askLaunch(sources: LiveSources, launch: string): Promise<Answered> {
  const [live, outside] = await Promise.all([
    sources.board(launch).then(
      (board): Gathered['live'] => ({ board, at: Date.now() }),
      (error: unknown): Gathered['live'] => ({ unanswered: reasonOf(error) })
    ),
    sources.ledgerHeads(launch).then(
      ({ heads, unasked }) => ({ heads, ...(unasked !== undefined && { unasked: reasonOf(unasked) }) }),
      (error: unknown) => ({ heads: [], unasked: reasonOf(error) })
    ),
  ]);
  return { live, ...outside };
}

/**
 * The report of a launch that has said `answered`, with what the database knows.
 * @throws NoSuchLaunch where neither Temporal nor the ledger knows it, and what `read` and `keptBoard` throw: without
 *   the ledger there is no report
 */
export async function reportFrom(
  sources: PastSources,
  { launch, live, heads, unasked }: Answered & { launch: string },
  { at = Date.now(), most = MOST_FACTS } = {}
): Promise<Report> {
  const kept = await sources.keptBoard(launch);
  const taken = new LedgerFacts(most);
  const chain = await sources.read(launch, heads, (entry) => taken.take(entry));
  if (chain.entries === 0 && chain.broken === 0 && !kept && !('board' in live)) throw new NoSuchLaunch(launch);
  return reportOf({
    launch,
    at,
    live,
    chain,
    facts: taken.facts,
    doubts: taken.doubts,
    plan: taken.plan,
    whole: taken.whole,
    ...(kept && { kept: { board: kept.board, at: kept.at, current: BigInt(kept.position) >= BigInt(taken.last) } }),
    ...(unasked !== undefined && { unasked }),
  });
}

/** First what the launch says, then the ledger: what comes in meanwhile is then in the ledger too. @throws as `reportFrom` */
export async function gatherReport(
  sources: ReportSources,
  launch: string,
  options: { at?: number; most?: number } = {}
): Promise<Report> {
  return await reportFrom(sources, { launch, ...(await askLaunch(sources, launch)) }, options);
}
