import type { z } from 'zod';
import type { Access } from './access';
import type { CheckContext, CheckResult } from './result';

/** One type of check: what it looks like, what it would reach, and how it looks. */
export interface CheckType<Check> {
  /** The schema of the same name in `plan/checks/`. */
  schema: z.ZodType<Check>;
  /**
   * Why this worker must not run it, as far as that can be told without touching the world: one sentence each, without
   * a full stop, ready for whoever starts the launch. Empty: it may be run. Never throws.
   */
  refusals: (check: Check, access: Access) => string[];
  /**
   * What many checks have to share for all of their run, as a person calls it; absent: nothing that runs short, or the
   * run takes its turns itself.
   */
  shares?: (check: Check) => string;
  /**
   * Looks once. What it finds is a result; what keeps it from looking is a `CannotRun`. Everything that only shows when
   * the world is touched (a resolved address, a link) is held against `context.access` here.
   */
  run: (check: Check, context: CheckContext) => Promise<CheckResult>;
}
