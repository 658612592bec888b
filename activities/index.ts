import type { Logger } from 'pino';
import type { Store } from '../prisma/store';
import { createActionActivities } from './actions';
import { createAdmissionActivities } from './admission';
import { createCalendarActivities } from './calendar';
import { createCheckActivities, type CheckDeps } from './checks';
import { createItemActivities } from './items';
import { createLedgerActivities, type LedgerActivities } from './ledger';
import { createNotifyActivities } from './notify';
import type { Outbox } from './outbox';
import { createStandupActivities } from './standup';
import type { LaunchActivities } from './types';

/** What the activities of one worker act through. Temporal's own client comes with the worker. */
export interface ActivityDeps extends CheckDeps {
  /** The ledger. */
  store: Pick<Store, 'recordFacts'>;
  outbox: Pick<Outbox, 'enqueue' | 'fateOf' | 'sendDirectly'>;
  /** Where notices of a trial are written. */
  log: Pick<Logger, 'info' | 'warn'>;
}

/** Everything that workflows may ask of the world, bound to this worker's connections. */
export const createActivities = (deps: ActivityDeps) =>
  ({
    ...createCheckActivities({
      access: deps.access,
      env: deps.env,
      now: deps.now,
      measurements: deps.measurements,
    }),
    ...createAdmissionActivities({ access: deps.access, env: deps.env }),
    ...createActionActivities({ access: deps.access, env: deps.env, now: deps.now, log: deps.log }),
    ...createNotifyActivities({ outbox: deps.outbox, log: deps.log, now: deps.now }),
    ...createItemActivities(),
    ...createCalendarActivities(),
    ...createStandupActivities(),
    ...createLedgerActivities(deps.store),
  }) satisfies LaunchActivities & LedgerActivities;

export type Activities = ReturnType<typeof createActivities>;
