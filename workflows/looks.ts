import { isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { Measurement, WatchSpec } from '../domain/criterion';
import type { Criterion } from '../domain/plan';
import type { Looker } from './watches';
import { attempts, readMeasurement } from './watches';

const MEASURE_ATTEMPTS = 3;

/** One look, now. A worker that cannot even try is a check that could not run. */
async function look({ launch, item }: Looker, { id, title }: Criterion, spec: WatchSpec): Promise<Measurement> {
  const { measure } = proxyActivities<Activities>({
    ...attempts(spec),
    retry: { maximumAttempts: MEASURE_ATTEMPTS },
    summary: `Measure '${title}' now`,
  });
  try {
    return readMeasurement(await measure({ launch, item, criterion: id, spec }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('A measurement could not be made', { criterion: id, error: String(error) });
    return readMeasurement(undefined);
  }
}

export interface LooksOptions extends Looker {
  /** There is something for the loop to begin. */
  moved(): void;
}

/**
 * Single runs that a message asks for. The loop begins them: an activity that the message's handler began itself could
 * come before the loop's own commands once, and after them when it is replayed.
 */
export class Looks {
  private readonly asked: Array<() => void> = [];

  constructor(private readonly options: LooksOptions) {}

  get areAsked(): boolean {
    return this.asked.length > 0;
  }

  /** Begins what has been asked for. */
  begin(): void {
    for (const begin of this.asked.splice(0)) begin();
  }

  /** One run of a check, when the loop comes to it. */
  once(criterion: Criterion, spec: WatchSpec): Promise<Measurement> {
    const run = new Promise<Measurement>((resolve, reject) => {
      this.asked.push(() => void look(this.options, criterion, spec).then(resolve, reject));
    });
    this.options.moved();
    return run;
  }
}
