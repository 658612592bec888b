import { CancellationScope, isCancellation, log, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { Measurement, WatchSpec } from '../domain/criterion';
import { OUTCOMES } from '../domain/criterion';
import type { Looking } from '../domain/item-next';
import { durationText } from '../domain/text';
import { SECOND } from '../domain/units';
import { ignoreCancellation } from './alarm';

/** Beyond a check's own timeout: the attempt's way through the worker. */
const ATTEMPT_SLACK = 5 * SECOND;
const MEASURE_ATTEMPTS = 3;

export interface Looker {
  launch: string;
  item: string;
  /** A measurement has come in. */
  measured(looking: Looking, measurement: Measurement): void;
}

/** An answer of a worker that cannot be read is a check that could not run. */
export function readMeasurement(value: unknown): Measurement {
  const { outcome, begunAt, at, seen, inRow } = (value ?? {}) as Partial<Measurement>;
  const readable = OUTCOMES.some((each) => each === outcome) && typeof begunAt === 'number' && typeof at === 'number';
  if (readable) return { outcome: outcome!, begunAt, at, seen: String(seen ?? ''), inRow: Number(inRow ?? 1) };
  const now = Date.now();
  return { outcome: 'errored', begunAt: now, at: now, seen: "the worker's answer could not be read", inRow: 1 };
}

/** It was asked for in the poll, so it began in it, whatever the worker's clock says. */
function begunIn({ poll }: Looking, measurement: Measurement): Measurement {
  return poll === undefined ? measurement : { ...measurement, begunAt: Math.max(measurement.begunAt, poll) };
}

/** With a heartbeat timeout: without one the count that an attempt left is lost when the next one dies. */
function attempts({ timeout }: WatchSpec) {
  return { startToCloseTimeout: timeout + ATTEMPT_SLACK, heartbeatTimeout: timeout + ATTEMPT_SLACK };
}

/** One look, now. A worker that cannot even try is a check that could not run. */
export async function look(
  looker: Looker,
  criterion: { id: string; title: string },
  spec: WatchSpec
): Promise<Measurement> {
  const { measure } = proxyActivities<Activities>({
    ...attempts(spec),
    retry: { maximumAttempts: MEASURE_ATTEMPTS },
    summary: `Measure '${criterion.title}' now`,
  });
  try {
    return readMeasurement(await measure({ launch: looker.launch, item: looker.item, criterion: criterion.id, spec }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('A measurement could not be made', { criterion: criterion.id, error: String(error) });
    return readMeasurement(undefined);
  }
}

/**
 * The measurements under way, one activity each: it fails without trace until the outcome changes, and its retry policy
 * is the interval, so a wait of any length is three events.
 */
export class Watches {
  private readonly running = new Map<string, CancellationScope>();

  constructor(private readonly looker: Looker) {}

  /** Starts what is wanted and not running, ends what is running and not wanted. */
  reconcile(wanted: readonly Looking[]): void {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, scope] of this.running) {
      if (keys.has(key)) continue;
      this.running.delete(key);
      scope.cancel();
    }
    for (const looking of wanted) if (!this.running.has(looking.key)) this.start(looking);
  }

  private start(looking: Looking): void {
    const scope = new CancellationScope();
    this.running.set(looking.key, scope);
    void scope.run(() => this.watch(looking, scope)).catch(ignoreCancellation);
  }

  private async watch(looking: Looking, scope: CancellationScope): Promise<void> {
    const measurement = await this.await(looking);
    if (this.running.get(looking.key) !== scope) return;
    this.looker.measured(looking, begunIn(looking, measurement));
    // What the rules took in changes the key. If they did not (a worker whose clock is behind), looking again at once
    // would fill the history.
    await sleep(looking.spec.every, { summary: `Look at '${looking.title}' again` });
    if (this.running.get(looking.key) === scope) this.start(looking);
  }

  private async await({ criterion, title, spec, poll }: Looking): Promise<Measurement> {
    const interval = durationText(spec.every);
    const { awaitCheck } = proxyActivities<Activities>({
      ...attempts(spec),
      retry: { initialInterval: spec.every, backoffCoefficient: 1, maximumInterval: spec.every },
      summary:
        poll === undefined ? `Look at '${title}' every ${interval} until it changes` : `Final poll of '${title}'`,
    });
    const { launch, item } = this.looker;
    try {
      return readMeasurement(await awaitCheck({ launch, item, criterion, spec }));
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A watch ended without an answer; it is begun again', { criterion, error: String(error) });
      await sleep(spec.every, { summary: `'${title}' could not be watched; try again` });
      return readMeasurement(undefined);
    }
  }
}
