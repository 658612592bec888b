import { OUTCOMES } from './criterion';
import type { ItemReport, Situation } from './item-state';
import { CLOCKS, FALLS, ITEM_STATUSES } from './item-state';
import {
  authorityShape,
  calendarShape,
  criterionShape,
  instantValue,
  itemShape,
  peopleShape,
  standupShape,
} from './plan-shape';
import { amount, flag, list, mapOf, number, oneOf, optional, record, text } from './shape';
import type { StandupSituation } from './standup-times';

/** What a launch and its items tell each other, as it comes in: anybody can send a signal. */

const measurement = record({
  outcome: oneOf(...OUTCOMES),
  begunAt: number,
  at: number,
  seen: text,
  inRow: number,
});
const metBy = record({
  check: record({ type: text, digest: text, revision: amount }),
  begunAt: number,
  at: number,
  seen: text,
  inRow: number,
});
const progress = record({
  measured: optional(measurement),
  metBy: optional(metBy),
  polled: optional(record({ from: number, measurement })),
  changes: list(number),
  words: list(
    record({
      by: text,
      at: number,
      evidence: optional(
        record({ note: optional(text), link: optional(text), file: optional(record({ name: text, sha256: text })) })
      ),
      stale: optional(record({ at: number, reason: text })),
    })
  ),
  waiver: optional(record({ by: text, at: number, reason: text, risk: text, until: number })),
  retracted: optional(record({ at: number })),
});

const report = record({
  seq: amount,
  status: oneOf(...ITEM_STATUSES),
  owners: list(text),
  acknowledgedBy: optional(text),
  openedAt: optional(number),
  acknowledgedAt: optional(number),
  settledAt: optional(number),
  reopened: amount,
  fell: optional(record({ kind: oneOf(...FALLS), at: number, text })),
  progress: mapOf(progress),
  basis: optional(text),
  added: list(criterionShape),
  chosen: optional(record({ option: text, at: number, how: oneOf('quorum', 'silent') })),
  choices: list(record({ by: text, option: text, at: number })),
  touchedBy: list(text),
  slaMissed: list(oneOf(...CLOCKS)),
  ended: flag,
});

const itemPlan = record({
  launch: text,
  revision: amount,
  item: itemShape,
  people: peopleShape,
  authority: authorityShape,
  signOffGrace: amount,
  calendar: calendarShape,
  spread: amount,
});

const situation = record({
  version: amount,
  launchAt: instantValue,
  held: flag,
  pollFrom: optional(number),
  waitingOn: list(text),
  dropped: optional(text),
  computed: mapOf(oneOf(...OUTCOMES)),
  ended: optional(oneOf('launched', 'stopped', 'cancelled')),
  plan: optional(itemPlan),
});

const standupSituation = record({
  launch: text,
  times: record({
    standup: optional(standupShape),
    calendar: calendarShape,
    launchAt: instantValue,
    speed: record({ start: number, factor: amount }),
  }),
  directory: record({ people: peopleShape }),
  trial: flag,
  ended: flag,
});

/** The report of an item, if it is one; `ledger` is the head that the item knows, see `readHead`. */
export function readReport(message: unknown): { item: string; report: ItemReport; ledger?: unknown } | undefined {
  const isReport = record({ item: text, report })(message, '') === undefined;
  return isReport ? (message as { item: string; report: ItemReport; ledger?: unknown }) : undefined;
}

/** The situation that an item is told, if it is one. */
export function readSituation(message: unknown): Situation | undefined {
  return situation(message, '') === undefined ? (message as Situation) : undefined;
}

/** The situation that standups are told, if it is one. */
export function readStandupSituation(message: unknown): StandupSituation | undefined {
  return standupSituation(message, '') === undefined ? (message as StandupSituation) : undefined;
}
