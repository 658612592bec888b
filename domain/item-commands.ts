import type { ItemCommand } from './commands';
import { isBroken, probeOf } from './criterion';
import type { ItemFact, Measured } from './item';
import { evolveItem } from './item';
import { ackBy } from './item-clocks';
import { isSettled, notBefore, progressOf, stateOf } from './item-judge';
import { fallTold } from './item-next';
import { isRefusal, mayAnswer, meantCriterion, retractable, toWaive } from './item-refuse';
import type { ItemState } from './item-state';
import { criteriaOf } from './item-state';
import { eligible, findPerson } from './people';
import type { Criterion } from './plan';
import { markVia, spokenBy } from './speakers';

export { meantCriterion, refuseItem } from './item-refuse';

function resolveFacts(state: ItemState, { by, note }: { by: string; note?: string }, at: number): ItemFact[] {
  const words = criteriaOf(state.plan.item, state)
    .filter((c) => c.attest && stateOf(state, c, at) !== 'met' && mayAnswer(state, c, { by, at }))
    .map(({ id }): ItemFact => ({ type: 'attested', at, by, criterion: id, evidence: note ? { note } : undefined }));
  return words.length > 0 ? words : [{ type: 'resolveClaimed', at, by, note }];
}

function named(state: ItemState, command: { by: string; criterion?: string }, now: number): string {
  const criterion = meantCriterion(state, command, now);
  return isRefusal(criterion) ? (command.criterion ?? '') : criterion.id;
}

/** Whoever it is given to hears of it, unless they took it themselves. */
function assignFacts(state: ItemState, { by, owners }: ItemCommand & { type: 'assign' }, at: number): ItemFact[] {
  const { item, launch, people } = state.plan;
  const named = owners.map((owner) => findPerson(people, owner)?.id ?? owner);
  const assigned: ItemFact = { type: 'assigned', at, by, owners: named };
  const to = named.filter((owner) => !state.owners.includes(owner) && owner !== by);
  if (to.length === 0 || isSettled(state.status)) return [assigned];
  const notice = {
    key: `${launch}:${item.id}:assigned:${state.seq}:${at}`,
    to,
    about: item.id,
    subject: `${item.id} is yours: ${item.title}`,
    text: `Given to ${named.join(', ')} by ${by}; it is ${state.status}.`,
    command: state.status === 'open' ? ackBy(state, eligible(people, to, at)[0]) : undefined,
    urgent: false,
  };
  return [assigned, { type: 'noticed', at, notice }];
}

/** The facts of an accepted command (of `resolve` when all that it measures has passed; `verifyNow` has none of its own). */
export function acceptItem(state: ItemState, given: ItemCommand, at: number): ItemFact[] {
  const command = spokenBy(given, state.plan.people);
  return markVia(factsOf(state, command, at), command);
}

function factsOf(state: ItemState, command: ItemCommand, at: number): ItemFact[] {
  const { by } = command;
  switch (command.type) {
    case 'acknowledge':
      return [{ type: 'acknowledged', at, by, note: command.note }];
    case 'attest':
      return [{ type: 'attested', at, by, criterion: named(state, command, at), evidence: command.evidence }];
    case 'retract': {
      const found = retractable(state, command, at);
      return found ? [{ type: 'retracted', at, by, criterion: found.criterion.id, what: found.what }] : [];
    }
    case 'resolve':
      return resolveFacts(state, command, at);
    case 'decide':
      return [{ type: 'chose', at, by, option: command.option, why: command.why }];
    case 'waive':
      return toWaive(state, command, at).map(({ id }) => {
        const { reason, risk, until } = command;
        return { type: 'waiverGiven', at, by, criterion: id, reason, risk, until };
      });
    case 'reopen': {
      const text = `reopened by ${by}: ${command.reason}`;
      return [
        { type: 'reopened', at, by, reason: command.reason },
        { type: 'moved', at, to: 'open', fall: 'reopened', text },
        ...fallTold(state, { at, text }),
      ];
    }
    case 'assign':
      return assignFacts(state, command, at);
    case 'comment':
      return [{ type: 'commented', at, by, text: command.text }];
    case 'verifyNow':
      return [];
  }
}

/** Criteria that `verifyNow` or a `resolve` measures. */
export function toMeasure(state: ItemState, criterion?: string): Criterion[] {
  const wanted = criterion?.toLowerCase();
  return criteriaOf(state.plan.item, state).filter(
    (c) => probeOf(c) && (wanted === undefined || c.id.toLowerCase() === wanted)
  );
}

/** The facts of a measurement: the outcome, and a notice to the owner, once, when the check itself seems to be broken. */
export function acceptMeasurement(state: ItemState, given: Omit<Measured, 'type'> & { at: number }): ItemFact[] {
  const fact: ItemFact = { type: 'measured', ...given };
  const criterion = criteriaOf(state.plan.item, state).find(({ id }) => id === given.criterion);
  // A look by hand, before the criterion is looked at: nobody would see what it found change.
  if (criterion && notBefore(state, criterion, given.at) !== undefined) return [];
  if (!criterion?.watch || state.owners.length === 0) return [fact];
  const { errorLimit } = criterion.watch;
  const known = progressOf(evolveItem(state, fact), criterion).measured;
  if (isBroken(progressOf(state, criterion).measured, errorLimit) || !isBroken(known, errorLimit)) return [fact];
  const { item, launch } = state.plan;
  const notice = {
    key: `${launch}:${item.id}:${criterion.id}:broken:${given.measurement.begunAt}`,
    to: state.owners,
    about: item.id,
    subject: `The check of '${criterion.title}' cannot run`,
    text: `${known?.inRow} ${known?.inRow === 1 ? 'run' : 'runs in a row'} could not be made. Last: ${given.measurement.seen}`,
    urgent: false,
  };
  return [fact, { type: 'noticed', at: given.at, notice }];
}
