import type { LaunchCommand } from './commands';
import { digestOf } from './digest';
import { everybodyTold } from './announcement';
import type { ItemReport } from './item-state';
import { actionTitle, failedAction } from './go-actions';
import { findItem, indexOf, reportOn } from './item-view';
import type { LaunchFact } from './launch';
import type { LaunchState, ReportedBlocker, SignOff } from './launch-state';
import { isGone } from './launch-state';
import type { Notice } from './notice';
import { eligible, findPerson, holdsRole } from './people';
import type { Plan } from './plan';
import { planProblem } from './plan-shape';
import { findReport, itemOf, withItem } from './reported';
import type { Refusal } from './refusal';
import { refusal } from './refusal';
import { isOfAuthority, signedNow } from './sign-off';
import { anyOf, awayText, markVia, refuseSpeaker, spokenBy, unknownPerson } from './speakers';
import { suspensions } from './suspension';
import { instantText } from './text';

/** More items than this are refused: each is a child of the launch. */
export const MOST_ITEMS = 300;

function authorityNames(state: LaunchState, now: number): string {
  return anyOf(eligible(state.plan.people, state.plan.launch.authority.by, now));
}

function refuseUnlessAuthority(state: LaunchState, command: LaunchCommand, now: number): Refusal | undefined {
  if (isOfAuthority(state, command.by, now)) return undefined;
  return refusal(
    'NOT_ALLOWED',
    `${command.type} is for the authority, ${authorityNames(state, now)}; not for ${command.by}${awayText(state.plan, { by: command.by, at: now })}`
  );
}

function refuseSignOff(
  state: LaunchState,
  command: LaunchCommand & { type: 'signOff' },
  now: number
): Refusal | undefined {
  const own = state.signOffs.find(({ by }) => by === command.by);
  if (command.answer === 'withdraw') {
    return own ? undefined : refusal('NOTHING_TO_RETRACT', `${command.by} has given no answer to withdraw`);
  }
  // Whoever is away has left their yes to a delegate; their no is heard all the same.
  const { by: roles } = state.plan.launch.authority;
  const speaker = findPerson(state.plan.people, command.by);
  const holds = speaker !== undefined && roles.some((role) => holdsRole(speaker, role));
  const stranger = command.answer === 'no' && holds ? undefined : refuseUnlessAuthority(state, command, now);
  if (stranger) return stranger;
  const { digest, unmetShoulds, musts } = signedNow(state, now);
  if (!command.seen || command.seen.digest === digest) return undefined;
  return refusal(
    'CHANGED',
    `what was looked at (${command.seen.digest.slice(0, 8)}) is not what is now (${digest.slice(0, 8)}): ${musts.length} musts, revision ${state.plan.revision}, unmet shoulds: ${unmetShoulds.join(', ') || 'none'}. Look again and sign that`
  );
}

function refuseReschedule(
  state: LaunchState,
  command: LaunchCommand & { type: 'reschedule' },
  now: number
): Refusal | undefined {
  const stranger = refuseUnlessAuthority(state, command, now);
  if (stranger) return stranger;
  return command.at > now
    ? undefined
    : refusal(
        'IN_THE_PAST',
        `the new launch date must lie in the future; ${instantText(state.plan.calendar, command.at)} is past`
      );
}

function refuseReview(
  state: LaunchState,
  command: LaunchCommand & { type: 'reviewBlocker' },
  now: number
): Refusal | undefined {
  const stranger = refuseUnlessAuthority(state, command, now);
  if (stranger) return stranger;
  const found = findReport(state, command.report);
  if (!found)
    return refusal(
      'UNKNOWN_REPORT',
      `no blocker was reported as '${command.report}'; reported: ${state.reported.map(({ id }) => id).join(', ') || 'none'}`
    );
  if (found.review)
    return refusal('ALREADY', `${found.id} was ${found.review.accept ? 'accepted' : 'rejected'} by ${found.review.by}`);
  if (!command.accept && !command.reason)
    return refusal('BAD_INPUT', 'a rejection needs a reason; it is kept with the report');
  return refuseOwners(state, command) ?? refuseSize(state.plan.items.length + (command.accept ? 1 : 0));
}

function refuseSize(items: number): Refusal | undefined {
  return items <= MOST_ITEMS
    ? undefined
    : refusal('TOO_MANY_ITEMS', `a launch has at most ${MOST_ITEMS} items for now; this would be ${items}`);
}

function refuseDeadline({ plan }: LaunchState, { deadline }: { deadline?: number }, now: number): Refusal | undefined {
  if (deadline === undefined || deadline > now) return undefined;
  const when = instantText(plan.calendar, deadline);
  return refusal('IN_THE_PAST', `a deadline must lie in the future; ${when} is past`);
}

/** Owners that a command names must be people of the plan. */
function refuseOwners({ plan }: LaunchState, { owners = [] }: { owners?: string[] }): Refusal | undefined {
  const unknown = owners.find((owner) => !findPerson(plan.people, owner));
  return unknown === undefined ? undefined : unknownPerson(plan.people, unknown);
}

function refuseAmend(state: LaunchState, command: LaunchCommand & { type: 'amend' }, now: number): Refusal | undefined {
  const stranger = refuseUnlessAuthority(state, command, now);
  if (stranger) return stranger;
  const problem = planProblem(command.plan);
  if (problem) return refusal('BAD_INPUT', `the amended plan is none: ${problem}`);
  if (command.plan.id !== state.plan.id)
    return refusal('BAD_INPUT', `the plan is of '${command.plan.id}', this launch is '${state.plan.id}'`);
  return refuseSize(command.plan.items.length);
}

function refuseByCommand(state: LaunchState, command: LaunchCommand, now: number): Refusal | undefined {
  switch (command.type) {
    case 'signOff':
      return refuseSignOff(state, command, now);
    case 'hold':
      return undefined;
    case 'release':
      if (state.holds.length === 0) return refusal('NOT_HELD', 'nothing holds this launch');
      return refuseUnlessAuthority(state, command, now);
    case 'reschedule':
      return refuseReschedule(state, command, now);
    case 'reportBlocker':
      return refuseOwners(state, command) ?? refuseDeadline(state, command, now);
    case 'reviewBlocker':
      return refuseReview(state, command, now);
    case 'amend':
      return refuseAmend(state, command, now);
    case 'retryActions':
      return refuseRetry(state, command, now);
    case 'cancel':
      return refuseUnlessAuthority(state, command, now);
  }
}

function refuseRetry(
  state: LaunchState,
  command: LaunchCommand & { type: 'retryActions' },
  now: number
): Refusal | undefined {
  const stranger = refuseUnlessAuthority(state, command, now);
  if (stranger) return stranger;
  const failed = failedAction(state);
  if (state.phase !== 'launch-failed' || !failed) {
    return refusal(
      'NOTHING_TO_RETRY',
      `the launch is ${state.phase}; only an action of GO that failed can be tried again`
    );
  }
  return refuseSkip(command, { number: failed.n + 1, title: actionTitle(failed.action) });
}

/** Only what stopped GO is skipped, and not without a word: somebody else has to do it, or to know that nobody will. */
function refuseSkip(
  { skip, reason }: LaunchCommand & { type: 'retryActions' },
  failed: { number: number; title: string }
): Refusal | undefined {
  if (skip === undefined) return undefined;
  if (skip !== failed.number)
    return refusal(
      'BAD_INPUT',
      `only ${failed.number} (${failed.title}), which stopped GO, can be skipped; not ${skip}`
    );
  return reason === undefined
    ? refusal('BAD_INPUT', 'skipping an action needs a reason; it is kept with the action')
    : undefined;
}

/** What is still heard once GO was given. */
const AFTER_GO: ReadonlyArray<LaunchCommand['type']> = ['retryActions', 'cancel'];

/** Why this command is not accepted now, or nothing. Synchronous, for an update's validator. */
export function refuseLaunch(state: LaunchState, given: LaunchCommand, now: number): Refusal | undefined {
  const command = spokenBy(given, state.plan.people);
  const speaker = refuseSpeaker(command, state.plan.people);
  if (speaker) return speaker;
  if (state.ended || (isGone(state) && !AFTER_GO.includes(command.type)))
    return refusal('ENDED', `the launch is ${state.phase}; it takes no more answers`);
  return refuseByCommand(state, command, now);
}

/** The notice to somebody whose sign-off no longer counts, with the line that signs again. */
export function voided(
  state: LaunchState,
  signOff: SignOff,
  { at, reason }: { at: number; reason: string }
): LaunchFact {
  const { id, title } = state.plan;
  const notice: Notice = {
    key: `${id}:void:${signOff.by}:${signOff.at}`,
    to: [signOff.by],
    about: id,
    subject: `Your sign-off of ${title} is void`,
    text: reason,
    command: `launch sign-off ${id} --as ${signOff.by}`,
    urgent: true,
    keepsHead: true,
  };
  return { type: 'signOffVoided', at, by: signOff.by, reason, notice };
}

function voidAll(
  state: LaunchState,
  { at, reason, but }: { at: number; reason: string; but?: string[] }
): LaunchFact[] {
  return state.signOffs
    .filter(({ answer, void: gone, by }) => answer === 'yes' && !gone && !but?.includes(by))
    .map((signOff) => voided(state, signOff, { at, reason }));
}

/**
 * An item's report; who is told that it suspends their sign-off; and the sign-offs that a new waiver of a must makes void
 * (all but its giver's).
 */
export function acceptReport(
  state: LaunchState,
  item: string,
  { report, at }: { report: ItemReport; at: number }
): LaunchFact[] {
  const known = reportOn(state, item);
  if (!indexOf(state.plan).items.has(item) || (known && known.seq >= report.seq)) return [];
  const fact = { type: 'reported' as const, at, item, report };
  if (indexOf(state.plan).gates.get(item) !== 'must') return [fact];
  const givers = Object.entries(report.progress).flatMap(([id, { waiver }]) =>
    waiver && digestOf(waiver) !== digestOf(known?.progress[id]?.waiver ?? null) ? [waiver.by] : []
  );
  if (givers.length === 0) return [fact, ...suspensions(state, fact)];
  // Of two givers each has signed without the other's waiver.
  const names = [...new Set(givers)];
  const but = names.length === 1 ? names : [];
  return [fact, ...voidAll(state, { at, reason: `${item}, a must, was waived by ${names.join(', ')}`, but })];
}

/** The next number; a plan may carry accepted reports of the launch before it. */
function reportId({ plan, reported }: LaunchState): string {
  for (let next = reported.length + 1; ; next++) {
    if (!findItem(plan, `REPORTED-${next}`) && !reported.some(({ id }) => id === `REPORTED-${next}`)) {
      return `REPORTED-${next}`;
    }
  }
}

function reportFacts(state: LaunchState, command: LaunchCommand & { type: 'reportBlocker' }, at: number): LaunchFact[] {
  const { by, title, impact, owners = [], priority, severity, deadline, acceptance = [] } = command;
  const id = reportId(state);
  const people = owners.map((owner) => findPerson(state.plan.people, owner)?.id ?? owner);
  const given = { title, impact, owners: people, priority, severity, deadline, acceptance };
  const report: ReportedBlocker = { id, by, at, ...given };
  const [boss] = eligible(state.plan.people, state.plan.launch.authority.by, at);
  const notice: Notice = {
    key: `${state.plan.id}:${id}:reported`,
    to: state.plan.launch.authority.by,
    about: id,
    subject: `${by} reports a blocker: ${title}`,
    text: `${impact ?? ''}\nUntil it is reviewed the launch cannot be GO.`.trim(),
    command: `launch review-blocker ${state.plan.id} ${id} --accept --as ${boss ?? 'AUTHORITY'}`,
    urgent: true,
  };
  return [{ type: 'blockerReported', at, report, notice }];
}

/** Whoever reported it hears what became of it. */
function reviewTold(
  { plan }: LaunchState,
  report: ReportedBlocker,
  { by, accept, reason, gate = 'must' }: LaunchCommand & { type: 'reviewBlocker' }
): Notice | undefined {
  if (report.by === by) return undefined;
  const became = accept ? `accepted as a ${gate}` : 'rejected';
  return {
    key: `${plan.id}:${report.id}:reviewed`,
    to: [report.by],
    about: report.id,
    subject: `${report.id} is ${became} by ${by}: ${report.title}`,
    text: reason ?? 'It is an item of the plan now.',
    urgent: false,
  };
}

function reviewFacts(state: LaunchState, command: LaunchCommand & { type: 'reviewBlocker' }, at: number): LaunchFact[] {
  // Unless somebody decides that it may be less, what was reported as a blocker blocks.
  const { by, accept, reason, gate = 'must', owners = [] } = command;
  const report = findReport(state, command.report);
  const id = report?.id ?? command.report;
  const notice = report && reviewTold(state, report, command);
  const review: LaunchFact = { type: 'blockerReviewed', at, by, report: id, accept, reason, notice };
  if (!accept || !report) return [review];
  const people = owners.map((owner) => findPerson(state.plan.people, owner)?.id ?? owner);
  const plan = withItem(state.plan, itemOf(state, report, people), gate);
  return [review, ...amendFacts(state, { by, plan, reason: `${id} was accepted` }, at)];
}

/** The roles that sign, who holds them and who signs for whom. */
function authorityOf({ launch, people }: Plan): unknown {
  const holders = people.filter((person) => launch.authority.by.some((role) => holdsRole(person, role)));
  const { authority, separation } = launch;
  return { authority, separation, holders: holders.map(({ id, roles, delegate }) => ({ id, roles, delegate })) };
}

function touchesSignature(before: Plan, after: Plan): string | undefined {
  const musts = (plan: Plan) => plan.gates.must.map(({ item }) => indexOf(plan).items.get(item) ?? item);
  if (digestOf(musts(before)) !== digestOf(musts(after))) return 'a must was changed';
  if (digestOf(authorityOf(before)) !== digestOf(authorityOf(after))) return 'the authority was changed';
  return digestOf(before.onVerdict.go) === digestOf(after.onVerdict.go) ? undefined : 'what GO does was changed';
}

function amendFacts(
  state: LaunchState,
  { by, plan, reason }: { by: string; plan: Plan; reason: string },
  at: number
): LaunchFact[] {
  const next = { ...plan, revision: state.plan.revision + 1 };
  const touched = touchesSignature(state.plan, next);
  const voids = touched ? voidAll(state, { at, reason: `revision ${next.revision}: ${touched} (${reason})` }) : [];
  return [{ type: 'amended', at, by, plan: next, reason }, ...voids];
}

/** To everybody who was told a date that is none any more. */
function everyoneTold(state: LaunchState, at: number, said: { key: string; subject: string; text: string }): Notice {
  const { plan } = state;
  const to = everybodyTold(state, at);
  const { key, subject, text } = said;
  return { key: `${plan.id}:${key}`, to, about: plan.id, subject: `${plan.title}: ${subject}`, text, urgent: true };
}

/** The facts of an accepted command. */
export function acceptLaunch(state: LaunchState, given: LaunchCommand, at: number): LaunchFact[] {
  const command = spokenBy(given, state.plan.people);
  return markVia(factsOf(state, command, at), command);
}

function factsOf(state: LaunchState, command: LaunchCommand, at: number): LaunchFact[] {
  const { by } = command;
  switch (command.type) {
    case 'signOff': {
      const { answer, accepts = [], why } = command;
      return [{ type: 'signedOff', at, by, answer, digest: signedNow(state, at).digest, accepts, why }];
    }
    case 'hold':
      return [{ type: 'held', at, by, reason: command.reason }];
    case 'release':
      return [{ type: 'released', at, by, reason: command.reason }];
    case 'reschedule': {
      const reason = `${by} moved the launch: ${command.reason}`;
      const notice = everyoneTold(state, at, {
        key: `date:${command.at}:${at}`,
        subject: `the launch date is now ${instantText(state.plan.calendar, command.at)}`,
        text: `${reason}. It was to be ${instantText(state.plan.calendar, state.launchAt)}.`,
      });
      const moved: LaunchFact = { type: 'rescheduled', at, by, launchAt: command.at, reason: command.reason, notice };
      return [...voidAll(state, { at, reason }), moved];
    }
    case 'reportBlocker':
      return reportFacts(state, command, at);
    case 'reviewBlocker':
      return reviewFacts(state, command, at);
    case 'amend':
      return amendFacts(state, command, at);
    case 'retryActions':
      return [{ type: 'actionsRetried', at, by, skip: command.skip, reason: command.reason }];
    case 'cancel': {
      const reason = `${by}: ${command.reason}`;
      const notice = everyoneTold(state, at, { key: 'off', subject: 'the launch is cancelled', text: reason });
      return [{ type: 'ended', at, how: 'cancelled', reason, notice }];
    }
  }
}
