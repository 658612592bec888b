import type { ItemCommand } from './commands';
import { answerersOf, decidersOf, isTiedToOwners, isWaived, probeOf } from './criterion';
import { unansweredBy } from './escalation';
import { isOwnerOf, isSettled, progressOf, stateOf } from './item-judge';
import { silentAt } from './item-next';
import type { ItemState } from './item-state';
import { criteriaOf } from './item-state';
import { answersFor, eligible, findPerson } from './people';
import type { Criterion } from './plan';
import type { Refusal } from './refusal';
import { refusal } from './refusal';
import { anyOf, awayText, refuseSpeaker, spokenBy, unknownPerson } from './speakers';
import { instantText } from './text';

/** "its owners, dev or qa", or who can give it to somebody where it has none. */
function ownerNames(state: ItemState, now: number): string {
  const owners = eligible(state.plan.people, state.owners, now);
  if (owners.length > 0) return `its owners, ${anyOf(owners)}`;
  return `its owners, and it has none: ${authorityNames(state, now)} can assign it`;
}

function isAuthority(state: ItemState, by: string, at: number): boolean {
  return state.plan.authority.by.some((role) => answersFor(state.plan.people, { by, at }, role));
}

function authorityNames(state: ItemState, at: number): string {
  return anyOf(eligible(state.plan.people, state.plan.authority.by, at));
}

/** Whether this person's word on this criterion would be taken. */
export function mayAnswer(state: ItemState, criterion: Criterion, { by, at }: { by: string; at: number }): boolean {
  const wanted = answerersOf(criterion, state.plan.item, state.owners).by;
  return (
    wanted.some((role) => answersFor(state.plan.people, { by, at }, role)) && !isExcluded(state, criterion, { by, at })
  );
}

function isExcluded(state: ItemState, criterion: Criterion, { by, at }: { by: string; at: number }): boolean {
  return criterion.independent && isTiedToOwners(state.plan.people, state.owners, { by, at });
}

/** The criterion a person means: the one they name, or the only one they could answer. */
export function meantCriterion(
  state: ItemState,
  command: { by: string; criterion?: string },
  now: number
): Criterion | Refusal {
  const all = criteriaOf(state.plan.item, state);
  const { by, criterion: id } = command;
  if (id !== undefined) {
    const found =
      all.find((criterion) => criterion.id === id) ?? all.find((c) => c.id.toLowerCase() === id.toLowerCase());
    return (
      found ??
      refusal(
        'UNKNOWN_CRITERION',
        `${state.plan.item.id} has no criterion '${id}'; it has ${all.map((c) => c.id).join(', ')}`
      )
    );
  }
  const human = all.filter((criterion) => criterion.attest);
  const theirs = human.filter((criterion) => mayAnswer(state, criterion, { by, at: now }));
  const open = theirs.filter((criterion) => stateOf(state, criterion, now) !== 'met');
  const [only, ...others] = open.length > 0 ? open : theirs.length > 0 ? theirs : human.length > 0 ? human : all;
  if (only && others.length === 0) return only;
  return refusal(
    'AMBIGUOUS_CRITERION',
    `say which criterion of ${state.plan.item.id}: ${[only, ...others].map((c) => c?.id).join(', ')}`
  );
}

/** Whether `meantCriterion` refused. */
export function isRefusal(value: Criterion | Refusal): value is Refusal {
  return 'code' in value;
}

function couldAnswer(state: ItemState, criterion: Criterion, now: number): string {
  const wanted = answerersOf(criterion, state.plan.item, state.owners).by;
  const allowed = eligible(state.plan.people, wanted, now);
  return anyOf(allowed.filter((by) => !isExcluded(state, criterion, { by, at: now })));
}

function refuseAttest(state: ItemState, command: ItemCommand & { type: 'attest' }, now: number): Refusal | undefined {
  const criterion = meantCriterion(state, command, now);
  if (isRefusal(criterion)) return criterion;
  if (!criterion.attest)
    return refusal(
      'AUTOMATIC',
      `'${criterion.title}' is verified by a check, not by people's word: launch verify runs it now, and ${authorityNames(state, now)} can waive it`
    );
  const answer = { by: command.by, at: now };
  if (mayAnswer(state, criterion, answer)) return undefined;
  const could = couldAnswer(state, criterion, now);
  if (isExcluded(state, criterion, answer)) {
    return refusal(
      'NOT_INDEPENDENT',
      `'${criterion.title}' must be attested by somebody who does not own ${state.plan.item.id}: ${could}`
    );
  }
  const away = awayText(state.plan, answer);
  return refusal('NOT_ALLOWED', `'${criterion.title}' is attested by ${could}, not by ${command.by}${away}`);
}

function refuseRetract(state: ItemState, command: ItemCommand & { type: 'retract' }, now: number): Refusal | undefined {
  if (retractable(state, command, now)) return undefined;
  return refusal(
    'NOTHING_TO_RETRACT',
    `${command.by} has given no word and no waiver on ${command.criterion ?? state.plan.item.id}; words are retracted by their giver`
  );
}

/** What `retract` would take back: a word before a waiver. */
export function retractable(state: ItemState, command: ItemCommand & { type: 'retract' }, now: number) {
  const criteria = criteriaOf(state.plan.item, state).filter(
    ({ id }) => command.criterion === undefined || id.toLowerCase() === command.criterion.toLowerCase()
  );
  const word = criteria.find((criterion) => progressOf(state, criterion).words.some(({ by }) => by === command.by));
  if (word) return { criterion: word, what: 'word' as const };
  const waiver = criteria.find((criterion) => {
    const progress = progressOf(state, criterion);
    return isWaived(progress, now) && progress.waiver?.by === command.by;
  });
  return waiver && { criterion: waiver, what: 'waiver' as const };
}

function refuseResolve(state: ItemState, command: ItemCommand & { type: 'resolve' }, now: number): Refusal | undefined {
  const { id, decision, external } = state.plan.item;
  const answer = { by: command.by, at: now };
  if (!isOwnerOf(state, command.by, now) && !(external && isAuthority(state, command.by, now))) {
    const others = external ? ` or the authority, ${authorityNames(state, now)}` : '';
    const away = awayText(state.plan, answer);
    return refusal('NOT_ALLOWED', `${id} is resolved by ${ownerNames(state, now)}${others}${away}`);
  }
  if (isSettled(state.status)) return refusal('ALREADY', `${id} is ${state.status} already`);
  if (decision && !state.chosen) return refusal('UNMET', `${id} is resolved by choosing an option: launch decide`);
  const unmet = criteriaOf(state.plan.item, state).filter((criterion) => {
    const found = stateOf(state, criterion, now);
    if (found === 'met' || found === 'waived') return false;
    if (criterion.attest) return !mayAnswer(state, criterion, answer);
    return criterion.check?.type === 'items' || found === 'unmet';
  });
  return unmet.length === 0
    ? undefined
    : refusal('UNMET', `not met: ${unmet.map((criterion) => unmetText(state, criterion, now)).join(', ')}`);
}

function unmetText(state: ItemState, criterion: Criterion, now: number): string {
  const { title, id, attest } = criterion;
  if (!attest) return `'${title}' (${id})`;
  return `'${title}' (${id}, attested by ${couldAnswer(state, criterion, now)})`;
}

function refuseDecide(state: ItemState, command: ItemCommand & { type: 'decide' }, now: number): Refusal | undefined {
  const { id, decision } = state.plan.item;
  if (!decision)
    return refusal(
      'NOT_A_DECISION',
      `${id} has no options to choose from; it is resolved by ${ownerNames(state, now)}`
    );
  if (state.chosen) return refusal('FINAL', `${id} was decided: '${state.chosen.option}'. Reopen it to decide again`);
  if (now > silentAt(state)) return refusal('FINAL', `the time to decide ${id} has passed; reopen it to decide`);
  if (!decision.options.some((option) => option.id === command.option)) {
    return refusal(
      'UNKNOWN_OPTION',
      `${id} has no option '${command.option}'; it has ${decision.options.map((o) => o.id).join(', ')}`
    );
  }
  const { by } = decidersOf(state.plan.item, state.owners);
  if (by.some((role) => answersFor(state.plan.people, { by: command.by, at: now }, role))) return undefined;
  return refusal(
    'NOT_ALLOWED',
    `${id} is decided by ${anyOf(eligible(state.plan.people, by, now))}, not by ${command.by}${awayText(state.plan, { by: command.by, at: now })}`
  );
}

function refuseWaive(state: ItemState, command: ItemCommand & { type: 'waive' }, now: number): Refusal | undefined {
  if (!isAuthority(state, command.by, now)) {
    return refusal('NOT_ALLOWED', `a waiver is given by one of the authority: ${authorityNames(state, now)}`);
  }
  if (command.until <= Math.max(now, state.situation.launchAt)) {
    const launch = instantText(state.plan.calendar, state.situation.launchAt);
    return refusal(
      'EXPIRES_TOO_SOON',
      `a waiver must last beyond the launch on ${launch}, or it would cover nothing there`
    );
  }
  if (command.criterion !== undefined) {
    const criterion = meantCriterion(state, command, now);
    if (isRefusal(criterion)) return criterion;
  }
  return toWaive(state, command, now).length > 0
    ? undefined
    : refusal('ALREADY', `nothing of ${state.plan.item.id} is left to waive`);
}

/** The criteria that `waive` would cover. */
export function toWaive(state: ItemState, command: ItemCommand & { type: 'waive' }, now: number): Criterion[] {
  const named = (id: string) => command.criterion === undefined || id.toLowerCase() === command.criterion.toLowerCase();
  return criteriaOf(state.plan.item, state).filter((c) => named(c.id) && stateOf(state, c, now) !== 'met');
}

function refuseAssign(state: ItemState, command: ItemCommand & { type: 'assign' }, now: number): Refusal | undefined {
  const { people } = state.plan;
  const unknown = command.owners.find(
    (owner) => !findPerson(people, owner) && eligible(people, [owner], now).length === 0
  );
  if (unknown !== undefined) return unknownPerson(people, unknown);
  if (command.owners.length === 0) return refusal('BAD_INPUT', 'an item needs at least one owner');
  if (isOwnerOf(state, command.by, now) || isAuthority(state, command.by, now)) return undefined;
  return refusal('NOT_ALLOWED', `owners are changed by an owner or by the authority: ${authorityNames(state, now)}`);
}

function refuseAcknowledge(
  state: ItemState,
  command: ItemCommand & { type: 'acknowledge' },
  now: number
): Refusal | undefined {
  const { id } = state.plan.item;
  const wasTold = unansweredBy(state, { by: command.by, at: now }).length > 0;
  if (isOwnerOf(state, command.by, now)) {
    return state.status === 'open' || wasTold
      ? undefined
      : refusal('ALREADY', `${id} is ${state.status}; there is nothing to acknowledge`);
  }
  if (wasTold) return undefined;
  return refusal(
    'NOT_ALLOWED',
    `${id} is acknowledged by ${ownerNames(state, now)}, or by whoever was told that it is late`
  );
}

function refuseVerify(
  state: ItemState,
  command: ItemCommand & { type: 'verifyNow' },
  now: number
): Refusal | undefined {
  if (command.criterion === undefined) return undefined;
  const criterion = meantCriterion(state, command, now);
  if (isRefusal(criterion)) return criterion;
  return probeOf(criterion) ? undefined : refusal('UNKNOWN_CRITERION', `'${criterion.title}' has no check to run`);
}

/** Waiting items take no word yet: what they wait for may still change what they say. */
function refuseByStatus(state: ItemState, command: ItemCommand): Refusal | undefined {
  const { id } = state.plan.item;
  if (state.ended) return refusal('ENDED', `the launch is over; ${id} takes no more answers`);
  if (command.type === 'comment') return undefined;
  if (state.status === 'dropped')
    return refusal(
      'DROPPED',
      `${id} was dropped: ${state.situation.dropped ?? 'a decision went the other way'}; reopening that decision restores it`
    );
  const needsOpen = ['attest', 'resolve', 'decide', 'acknowledge'].includes(command.type);
  if (state.status !== 'waiting' || !needsOpen) return undefined;
  return refusal('WAITING', `${id} waits for ${state.situation.waitingOn.join(', ') || 'its start'}`);
}

function refuseByCommand(state: ItemState, command: ItemCommand, now: number): Refusal | undefined {
  switch (command.type) {
    case 'acknowledge':
      return refuseAcknowledge(state, command, now);
    case 'attest':
      return refuseAttest(state, command, now);
    case 'retract':
      return refuseRetract(state, command, now);
    case 'resolve':
      return refuseResolve(state, command, now);
    case 'decide':
      return refuseDecide(state, command, now);
    case 'waive':
      return refuseWaive(state, command, now);
    case 'reopen':
      return isSettled(state.status) || state.chosen
        ? undefined
        : refusal('ALREADY', `${state.plan.item.id} is ${state.status}; only what is resolved can be reopened`);
    case 'assign':
      return refuseAssign(state, command, now);
    case 'comment':
      return undefined;
    case 'verifyNow':
      return refuseVerify(state, command, now);
  }
}

/** Why this command is not accepted now, or nothing. Synchronous, for an update's validator. */
export function refuseItem(state: ItemState, given: ItemCommand, now: number): Refusal | undefined {
  const command = spokenBy(given, state.plan.people);
  return (
    refuseSpeaker(command, state.plan.people) ?? refuseByStatus(state, command) ?? refuseByCommand(state, command, now)
  );
}
