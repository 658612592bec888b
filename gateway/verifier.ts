import type { FastifyBaseLogger } from 'fastify';
import { headText, type LedgerHead } from '../domain/ledger';
import type { ChainReport, ChainWalk, Finding } from '../domain/ledger-chain';
import type { Ledger } from '../prisma/ledger';

/** What is new is verified this often, while somebody looks. */
const EVERY_MS = 60_000;
/** Whom nobody has asked about for so long is verified no more. */
const FORGOTTEN_AFTER_MS = 10 * EVERY_MS;
/** Entries of one reading: others are served between two of them. */
const STRETCH = 1_000;
/** Of those that were verified before, so many are read again each time. */
const AGAIN = 5_000;
const MOST_FINDINGS = 20;

/** What is known of a launch's chain; instants are ISO 8601. */
export interface Verified {
  state: 'checking' | 'sound' | 'broken';
  verified: { number: number; head: string; at: string } | null;
  /** When the entries that were verified before had all been read again. */
  wholeAt: string | null;
  /** The head that Temporal keeps, which no hand in the database reaches. */
  vouched: { number: number; from: string; holds: boolean } | null;
  broken: number;
  findings: Finding[];
}

export const NOTHING_YET: Verified = {
  state: 'checking',
  verified: null,
  wholeAt: null,
  vouched: null,
  broken: 0,
  findings: [],
};

interface Known {
  askedAt: number;
  shown: Verified;
  /** The last head that was found sound: it vouches from then on, as any that is kept outside of the database. */
  seen?: LedgerHead;
  /** What has seen all entries up to the last one, and goes on with what is new. */
  tail: ChainWalk;
  /** What reads those again, from the first to the last, some each time. */
  round?: ChainWalk;
}

interface Outcome extends Pick<Verified, 'broken' | 'findings' | 'vouched'> {
  head: LedgerHead;
  isWhole: boolean;
}

interface Deps {
  ledger: Pick<Ledger, 'begin' | 'walkOn' | 'hashAt'>;
  /** What Temporal keeps of the launch, if anything. */
  keptHead: (launch: string) => Promise<(LedgerHead & { from: string }) | undefined>;
  log: FastifyBaseLogger;
  everyMs?: number;
}

/**
 * Verifies the chains of launches that people look at, each once for all of them: at first the whole, then what is new
 * each minute, and of the rest a stretch, so that what is changed behind it is found too. Nobody waits for it.
 */
export class Verifier {
  private readonly known = new Map<string, Known>();
  private timer?: NodeJS.Timeout;
  private work: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly deps: Deps) {}

  start(): void {
    this.timer = setInterval(() => this.checkAll(), this.deps.everyMs ?? EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.isStopped = true;
    await this.work;
  }

  /** What is known now. Whoever asks first starts the check. */
  of(launch: string): Verified {
    const known = this.known.get(launch);
    if (known) {
      known.askedAt = Date.now();
      return known.shown;
    }
    this.known.set(launch, { askedAt: Date.now(), shown: NOTHING_YET, tail: this.deps.ledger.begin(launch) });
    this.plan(launch);
    return NOTHING_YET;
  }

  private checkAll(): void {
    const now = Date.now();
    for (const [launch, { askedAt }] of this.known) {
      if (now - askedAt > FORGOTTEN_AFTER_MS) this.known.delete(launch);
      else this.plan(launch);
    }
  }

  /** One launch after the other: it is the only one that reads so much. */
  private plan(launch: string): void {
    this.work = this.work.then(async () => {
      const known = this.known.get(launch);
      if (!known || this.isStopped) return;
      try {
        await this.check(launch, known);
      } catch (error) {
        this.deps.log.warn({ launch, reason: String(error) }, 'its ledger cannot be verified now');
      }
    });
  }

  private async check(launch: string, known: Known): Promise<void> {
    // Before the database is read: what comes in meanwhile is then in both.
    const kept = await this.deps.keptHead(launch).catch(() => undefined);
    const isFirst = known.tail.reached === undefined;
    const report = await this.toTheEnd(launch, known.tail);
    if (!report) return;
    const again = report.broken > 0 ? undefined : await this.readAgain(launch, known, isFirst);
    const theirs = kept && (await this.missed(launch, kept, report));
    const ours = known.seen && (await this.missed(launch, { ...known.seen, from: 'this gateway' }, report));
    const outside = [...(theirs ?? []), ...(ours ?? [])];
    const broken = report.broken + (again?.broken ?? 0) + outside.length;
    this.show(known, {
      head: report.head,
      broken,
      findings: [...report.findings, ...(again?.findings ?? []), ...outside],
      isWhole: isFirst || again?.broken === 0,
      vouched: kept && theirs ? { number: kept.number, from: kept.from, holds: theirs.length === 0 } : null,
    });
    if (broken > 0) this.deps.log.error({ launch, broken }, 'the ledger is not as it was written');
    // Only the whole of it, from the first entry on, may say that it is sound again.
    if (broken > 0) Object.assign(known, { tail: this.deps.ledger.begin(launch), round: undefined });
  }

  private show(known: Known, { head, broken, findings, isWhole, vouched }: Outcome): void {
    const at = new Date().toISOString();
    const { verified, wholeAt } = known.shown;
    const isSound = broken === 0;
    if (isSound) known.seen = head;
    known.shown = {
      state: isSound ? 'sound' : 'broken',
      verified: isSound ? { number: head.number, head: headText(head), at } : verified,
      wholeAt: isSound && isWhole ? at : wholeAt,
      vouched,
      broken,
      findings: findings.slice(0, MOST_FINDINGS),
    };
  }

  private async toTheEnd(launch: string, chain: ChainWalk): Promise<ChainReport | undefined> {
    while (!this.isStopped) {
      const report = await this.deps.ledger.walkOn(launch, chain, STRETCH);
      if (report) return report;
    }
    return undefined;
  }

  /** Its report when it has come to the end. The first check has just read everything. */
  private async readAgain(launch: string, known: Known, isFirst: boolean): Promise<ChainReport | undefined> {
    if (isFirst) return undefined;
    known.round ??= this.deps.ledger.begin(launch);
    for (let read = 0; read < AGAIN && !this.isStopped; read += STRETCH) {
      const report = await this.deps.ledger.walkOn(launch, known.round, STRETCH);
      if (!report) continue;
      known.round = undefined;
      return report;
    }
    return undefined;
  }

  /** What is to be said where the chain does not have a head that was kept outside of the database. */
  private async missed(
    launch: string,
    { number, hash, from }: LedgerHead & { from: string },
    { head: { number: end } }: ChainReport
  ): Promise<Finding[]> {
    if (number === 0) return [];
    const stored = await this.deps.ledger.hashAt(launch, number);
    if (stored === hash) return [];
    if (stored !== undefined) {
      const text = `entry ${number} is not the one that ${from} vouches for: the ledger was written anew before it`;
      return [{ code: 'NOT_VOUCHED', number, text }];
    }
    const first = Math.min(number, end + 1);
    const gone = first === number ? `entry ${number} is` : `entries ${first} to ${number} are`;
    return [{ code: 'CUT', number: first, text: `${gone} missing from the end: ${from} vouches for ${number}` }];
  }
}
