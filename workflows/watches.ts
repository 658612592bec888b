import { CancellationScope, isCancellation, log, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { Measurement, WatchSpec } from '../domain/criterion';
import { countInRow, OUTCOMES } from '../domain/criterion';
import type { Looking } from '../domain/item-next';
import { durationText } from '../domain/text';
import { SECOND } from '../domain/units';
import { ignoreCancellation } from './alarm';
import { watchActivityId } from './messages';

/** Beyond a check's own timeout: the attempt's way through the worker. */
const ATTEMPT_SLACK = 5 * SECOND;

export interface Looker {
  launch: string;
  item: string;
}

export interface WatchesOptions extends Looker {
  /** A measurement has come in. */
  measured(looking: Looking, measurement: Measurement): void;
  /** Something is over, and the loop is to say what comes next. */
  moved(): void;
}

/**
 * By the launch's clock, where the worker's is wrong: what it measured is not of the future, and what is no pass is not
 * old. Otherwise a pass of one worker would outlast all that others see later.
 */
function byOurClock(found: Measurement, now: number): Measurement {
  const { outcome, begunAt, at } = found;
  const isOff = at > now || begunAt > at || (outcome !== 'passed' && at < now - ATTEMPT_SLACK);
  return isOff ? { ...found, begunAt: now - Math.max(0, at - begunAt), at: now } : found;
}

/** An answer of a worker that cannot be read is a check that could not run. */
export function readMeasurement(value: unknown): Measurement {
  const { outcome, begunAt, at, seen, inRow } = (value ?? {}) as Partial<Measurement>;
  const now = Date.now();
  const readable = OUTCOMES.some((each) => each === outcome) && Number.isFinite(begunAt) && Number.isFinite(at);
  if (!readable) {
    return { outcome: 'errored', begunAt: now, at: now, seen: "the worker's answer could not be read", inRow: 1 };
  }
  const found = { outcome: outcome!, begunAt: begunAt!, at: at!, seen: String(seen ?? ''), inRow: Number(inRow ?? 1) };
  return byOurClock(found, now);
}

/** It was asked for in the poll, so it began in it, whatever the worker's clock says. */
function begunIn({ poll }: Looking, measurement: Measurement): Measurement {
  return poll === undefined ? measurement : { ...measurement, begunAt: Math.max(measurement.begunAt, poll) };
}

/** With a heartbeat timeout: without one the count that an attempt left is lost when the next one dies. */
export function attempts({ timeout }: WatchSpec) {
  return { startToCloseTimeout: timeout + ATTEMPT_SLACK, heartbeatTimeout: timeout + ATTEMPT_SLACK };
}

/** What one watch does until the loop says what is next: it looks, or lets the interval pass. */
type Doing = 'look' | 'rest' | 'restAfterFailure';

interface Underway {
  scope: CancellationScope;
  /** It is over, and this is to come, if the watch is still wanted. */
  next?: Doing;
}

/**
 * The measurements under way, one activity each: it fails without trace until the outcome changes, and its retry policy
 * is the interval, so a wait of any length is three events. All that they do is begun by `reconcile`.
 */
export class Watches {
  private readonly running = new Map<string, Underway>();
  private begun = 0;

  constructor(private readonly options: WatchesOptions) {}

  /** Starts what is wanted and not running, ends what is running and not wanted, goes on with what is over. */
  reconcile(wanted: readonly Looking[]): void {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { scope }] of this.running) {
      if (keys.has(key)) continue;
      this.running.delete(key);
      scope.cancel();
    }
    for (const looking of wanted) {
      const underway = this.running.get(looking.key);
      const next = underway ? underway.next : 'look';
      if (next) this.begin(looking, next);
    }
  }

  private begin(looking: Looking, doing: Doing): void {
    const underway: Underway = { scope: new CancellationScope() };
    this.running.set(looking.key, underway);
    const work = async () => {
      underway.next = await this[doing](looking, underway);
      this.options.moved();
    };
    void underway.scope.run(work).catch(ignoreCancellation);
  }

  /** What the rules take in changes the key. If they do not (a worker whose clock is behind), it rests: looking again at once would fill the history. */
  private async look(looking: Looking, underway: Underway): Promise<Doing> {
    const { criterion, spec } = looking;
    const { launch, item } = this.options;
    try {
      const found = await this.awaiting(looking)({ launch, item, criterion, spec });
      this.found(looking, underway, readMeasurement(found));
      return 'rest';
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A watch ended without an answer; it is begun again', { criterion, error: String(error) });
      return 'restAfterFailure';
    }
  }

  private async rest({ spec, title }: Looking): Promise<Doing> {
    await sleep(spec.every, { summary: `Look at '${title}' again` });
    return 'look';
  }

  private async restAfterFailure(looking: Looking, underway: Underway): Promise<Doing> {
    const { spec, title } = looking;
    await sleep(spec.every, { summary: `'${title}' could not be watched; try again` });
    this.found(looking, underway, { ...readMeasurement(undefined), inRow: countInRow(spec, undefined, 'errored') });
    return 'look';
  }

  private found(looking: Looking, underway: Underway, measurement: Measurement): void {
    if (this.running.get(looking.key) !== underway) return;
    this.options.measured(looking, begunIn(looking, measurement));
  }

  private awaiting({ criterion, title, spec, poll }: Looking) {
    const { every } = spec;
    const { awaitCheck } = proxyActivities<Activities>({
      ...attempts(spec),
      retry: { initialInterval: every, backoffCoefficient: 1, maximumInterval: every },
      // By this `status` finds, from outside, whose activity it is.
      activityId: watchActivityId({ criterion, isPoll: poll !== undefined, n: ++this.begun }),
      summary:
        poll === undefined
          ? `Look at '${title}' every ${durationText(every)} until it changes`
          : `Final poll of '${title}'`,
    });
    return awaitCheck;
  }
}
