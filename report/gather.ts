import type { Board } from '../domain/board';
import type { ChainReport, KeptHead, LedgerContent } from '../domain/ledger-chain';
import { ROW, type RowBody } from '../domain/ledger-rows';
import type { Plan } from '../domain/plan';
import { planProblem } from '../domain/plan-shape';
import type { WrittenFact } from '../domain/replay';
import { reportOf, type Gathered } from './report-of';
import type { Report } from './schema';

/** Of one launch. Its facts are in memory at once; a ledger that is longer is told without its past. */
const MOST_FACTS = 100_000;

/** Where a report is made from. */
export interface ReportSources {
  /** What the launch itself says. @throws where it does not answer */
  board(launch: string): Promise<Board>;
  /** The heads of the ledger that Temporal keeps, and why not all could be asked. @throws where none could */
  ledgerHeads(launch: string): Promise<{ heads: KeptHead[]; unasked?: unknown }>;
  keptBoard(launch: string): Promise<{ board: Board; position: string; at: number } | undefined>;
  /** The whole ledger, entry by entry, and whether it holds. @throws where the database does not answer */
  read(launch: string, kept: readonly KeptHead[], take: (entry: LedgerContent) => void): Promise<ChainReport>;
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

/** What is wanted of a ledger, taken from it entry by entry. */
class Taken {
  facts: WrittenFact[] = [];
  plan?: Plan;
  last = '0';
  private readonly starts: Array<{ at: number; firstRun: string }> = [];
  private left = 0;

  constructor(private readonly most: number) {}

  take({ seq, workflow, firstRun, item, type, at, body, position }: LedgerContent): void {
    if (seq === null) return this.takeRow(type, body as unknown as RowBody);
    this.last = position;
    if (item === null && type === 'started') this.start({ at, firstRun });
    if (this.facts.length >= this.most) this.left++;
    else this.facts.push({ workflow, seq, type, at, body, ...(item === null ? {} : { item }) });
  }

  /** A launch that was begun again under its id, after Temporal had forgotten the first: this is about the last. */
  private start(started: { at: number; firstRun: string }): void {
    if (this.starts.length > 0) {
      this.facts = [];
      this.left = 0;
      this.plan = undefined;
    }
    this.starts.push(started);
  }

  private takeRow(type: string, { row }: RowBody): void {
    if (type !== ROW || row?.kind !== 'launch' || !row.plan || this.plan) return;
    if (planProblem(row.plan) === undefined) this.plan = row.plan as unknown as Plan;
  }

  get doubts(): string[] {
    const again = this.starts.length - 1;
    return [
      ...(again > 0
        ? [
            `The ledger has ${again === 1 ? 'an earlier run' : `${again} earlier runs`} of this launch's id; this report is of the last one.`,
          ]
        : []),
      ...(this.left > 0
        ? [
            `Its ledger has more than ${this.most} facts: what happened after them is not in this report ('launch ledger export' has all).`,
          ]
        : []),
    ];
  }

  /** What does not have all of its past is not taken through the rules. */
  get whole(): boolean {
    return this.left === 0;
  }
}

/**
 * @throws NoSuchLaunch where neither Temporal nor the ledger knows it, and what `read` and `keptBoard` throw: without
 *   the ledger there is no report
 */
export async function gatherReport(
  sources: ReportSources,
  launch: string,
  { at = Date.now(), most = MOST_FACTS } = {}
): Promise<Report> {
  // First what the launch says, then the ledger: what comes in meanwhile is then in the ledger too.
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
  const kept = await sources.keptBoard(launch);
  const taken = new Taken(most);
  const chain = await sources.read(launch, outside.heads, (entry) => taken.take(entry));
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
    ...('unasked' in outside && { unasked: outside.unasked }),
  });
}
