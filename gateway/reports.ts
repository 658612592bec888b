import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LedgerError } from '../prisma/errors';
import type { ReportFormat } from '../report/format';
import { askLaunch, NoSuchLaunch, type LiveSources } from '../report/gather';
import { Problem } from './problem';
import type { ReportMade, ReportWanted } from './report-thread';

/** A whole ledger is read and hashed for each, on a core of its own; those that come meanwhile wait. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 20;
/** 20,000 facts fit in 48: a ledger that takes more than this is not to cost the gateway its life. */
const HEAP_MB = 384;

interface Sources {
  launches: LiveSources;
  databaseUrl: string;
}

const stopping = (): Problem => new Problem('UNREACHABLE', 'the gateway is being stopped');

function explained(error: unknown): unknown {
  if ((error as { code?: unknown }).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new Problem('TOO_LARGE', "its ledger is too long for a report here: 'launch report' makes one");
}

/**
 * Makes reports, each once for all who ask for it, and few at once. A large ledger takes seconds to verify, to take
 * through the rules and to write down: that is done in a thread, so that the gateway goes on answering.
 */
export class Reports {
  private readonly making = new Map<string, Promise<string>>();
  private readonly waiting: Array<() => void> = [];
  private readonly threads = new Set<Worker>();
  private busy = 0;
  private isStopped = false;

  /** `thread`: the compiled `report-thread`; `heapMb`: what each may take. */
  constructor(
    private readonly sources: Sources,
    private readonly options: { thread?: string; heapMb?: number } = {}
  ) {}

  /** @throws Problem NOT_FOUND, TOO_MANY_REQUESTS, TOO_LARGE, UNREACHABLE where it is stopped; LedgerError: without the ledger there is no report */
  async read(launch: string, format: ReportFormat): Promise<string> {
    const key = `${format} ${launch}`;
    const under = this.making.get(key) ?? this.begin(launch, format).finally(() => this.making.delete(key));
    this.making.set(key, under);
    return await under;
  }

  /** Whoever waits for a report is told that none comes. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all([...this.threads].map((thread) => thread.terminate()));
  }

  private async begin(launch: string, format: ReportFormat): Promise<string> {
    if (this.busy >= MOST_AT_ONCE) await this.turn();
    else this.busy++;
    try {
      const { launches, databaseUrl } = this.sources;
      // First what the launch says, then the ledger: what comes in meanwhile is then in the ledger too.
      const answered = await askLaunch(launches, launch);
      const made = await this.made({ databaseUrl, launch, format, ...answered });
      if ('ledgerError' in made) throw new LedgerError(made.ledgerError.code, made.ledgerError.message);
      if ('isUnknown' in made) throw new Problem('NOT_FOUND', new NoSuchLaunch(launch).message);
      return made.text;
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy--;
    }
  }

  private async made(wanted: ReportWanted): Promise<ReportMade> {
    if (this.isStopped) throw stopping();
    const { thread: file = join(__dirname, 'report-thread.js'), heapMb = HEAP_MB } = this.options;
    const thread = new Worker(file, { workerData: wanted, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.threads.add(thread);
    try {
      return await new Promise<ReportMade>((resolve, reject) => {
        thread.once('message', resolve).once('error', (error) => reject(explained(error)));
        thread.once('exit', () => reject(this.isStopped ? stopping() : new Error('the report was not finished')));
      });
    } finally {
      this.threads.delete(thread);
    }
  }

  /** Whoever leaves gives its place to the next. */
  private async turn(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) {
      throw new Problem('TOO_MANY_REQUESTS', 'too many reports are being made; again in a moment');
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
