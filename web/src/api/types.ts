/** The API's types, as the gateway and the rules have them: nothing here is the page's own. */
import type { z } from 'zod';
import type * as schemas from '../../../gateway/schemas';

export type { UnsaidItemCommand, UnsaidLaunchCommand } from '../../../gateway/commands';
export type {
  BoardAnswer,
  DeliveryAnswer,
  FactAnswer,
  FactsAnswer,
  ItemAnswer,
  LastMeasurementsAnswer,
  MeasurementAnswer,
  MeasurementsAnswer,
  OutboxAnswer,
  StandupsAnswer,
} from '../../../gateway/answers';
export type { Board, BoardCriterion, BoardGate, BoardItem } from '../../../domain/board';
export type { Need, Verdict } from '../../../domain/launch-state';
export type { Plan } from '../../../domain/plan';
export type { PossibleAction } from '../../../domain/possible';

export type Me = z.infer<typeof schemas.meAnswer>;
export type LaunchesAnswer = z.infer<typeof schemas.launchesAnswer>;
export type LedgerAnswer = z.infer<typeof schemas.ledgerAnswer>;
export type ListedLaunch = LaunchesAnswer['launches'][number];
export type Accepted = z.infer<typeof schemas.accepted>;
export type ProblemAnswer = z.infer<typeof schemas.problem>;
