import { answerersOf, decidersOf, isTiedToOwners, probeOf, wordExpiry } from './criterion';
import { anyOf } from './speakers';
import type { CriterionView, ItemView } from './item-view';
import { findItem, indexOf, reportOn, viewItem, waitingOn } from './item-view';
import type { LaunchState, Need, Reason } from './launch-state';
import { givesUpAt } from './launch-state';
import type { Answer } from './people';
import { answersFor, eligible, findPerson, quorumState } from './people';
import type { Answerers, Criterion, DecisionOption, Item } from './plan';
import { countingAnswers, excludedSigners, signOffState } from './sign-off';

function quote(text: string): string {
  return `"${text.replace(/["\\$`]/g, "'")}"`;
}

/** The people who would make an incomplete quorum complete, one after another, as few as possible. */
export function whoIsMissing(
  people: LaunchState['plan']['people'],
  wanted: Answerers,
  context: { answers: Answer[]; may: (id: string) => boolean; now: number }
): string[] {
  const { may, now } = context;
  const asked: string[] = [];
  let answers = context.answers;
  let present = quorumState(people, wanted, answers);
  for (const candidate of eligible(people, wanted.by, now)) {
    const { met, missing } = present;
    if (met) break;
    if (answers.some(({ by }) => by === candidate) || !may(candidate)) continue;
    const next = [...answers, { by: candidate, at: now }];
    const after = quorumState(people, wanted, next);
    const counts = typeof wanted.quorum === 'number' || after.met || after.missing.length < missing.length;
    if (!counts) continue;
    asked.push(candidate);
    answers = next;
    present = after;
  }
  return asked;
}

/** Whose words a person's criterion still lacks. `now` is when they are said, `at` when they have to count. */
export function awaitedFor(
  { plan: { people } }: Pick<LaunchState, 'plan'>,
  { view, criterion: { criterion, progress } }: { view: ItemView; criterion: CriterionView },
  { now, at }: { now: number; at: number }
): string[] {
  const wanted = answerersOf(criterion, view.item, view.owners);
  const mayHave = (answer: Answer) => !criterion.independent || !isTiedToOwners(people, view.owners, answer);
  const may = (by: string) => mayHave({ by, at: now });
  const answers = progress.words.filter((word) => !word.stale && at < wordExpiry(criterion, word) && mayHave(word));
  return whoIsMissing(people, wanted, { answers, may, now });
}

function humanNeeds(
  state: LaunchState,
  of: { view: ItemView; criterion: CriterionView },
  when: { now: number; at: number }
): Need[] {
  const { view } = of;
  const { criterion } = of.criterion;
  const { people, id: launch } = state.plan;
  const ref = view.item.id;
  const missing = awaitedFor(state, of, when);
  const verb = criterion.attest?.as === 'acknowledge' ? 'acknowledge' : 'attest';
  if (missing.length === 0) {
    const action = `${verb} '${criterion.title}'; nobody is free to`;
    const { by } = answerersOf(criterion, view.item, view.owners);
    return [{ who: anyOf(eligible(people, by, when.now)), action, ref, command: null }];
  }
  return missing.map((by) => ({
    who: by,
    action: `${verb} '${criterion.title}'`,
    ref,
    command: `launch attest ${launch} ${ref} ${criterion.id} --as ${by}`,
  }));
}

function checkAction(criterion: Criterion, { state, measured, count }: CriterionView): string {
  const seen = count?.seen ?? measured?.seen;
  if (state === 'unknown') return `'${criterion.title}' is being looked at`;
  // What it looks at may be whole: a check that the worker does not allow, or cannot read, never passes by itself.
  if (state === 'errored') {
    const why = (seen ?? 'it could not run').replace(/\.$/, '');
    return `make the check of '${criterion.title}' run: ${why}; by what it looks at, the worker's configuration, or an amended plan (launch amend)`;
  }
  return `make '${criterion.title}' pass${seen ? ` (last seen: ${seen})` : ''}; it is noticed by itself`;
}

/** Collects what an item needs, each item once however many things wait for it. */
class NeedsOfItems {
  private readonly seen = new Set<string>();
  readonly needs: Need[] = [];

  constructor(
    private readonly state: LaunchState,
    private readonly now: number,
    /** The next possible date: what is met now but will not be then is needed too. */
    private readonly horizon: number
  ) {}

  /** With `resolved` a waiver is not enough: where items are counted, a waived one does not count. */
  add(id: string, resolved = false): void {
    const item = findItem(this.state.plan, id);
    if (!item || this.seen.has(`${item.id} ${resolved}`)) return;
    this.seen.add(`${item.id} ${resolved}`);
    const pollFrom = this.state.phase === 'polling' ? this.state.poll?.from : undefined;
    const gate = indexOf(this.state.plan).gates.get(item.id);
    const at = { now: this.now, pollFrom: gate === 'must' ? pollFrom : undefined };
    const enough = (each: ItemView) => each.ok && (!resolved || each.status === 'resolved');
    const today = viewItem(this.state, item, at);
    const view = enough(today) ? viewItem(this.state, item, { now: this.horizon }) : today;
    if (enough(view)) return;
    if (view.status === 'dropped') return this.dropped(item);
    const before = waitingOn(this.state, item);
    if (before.length > 0 && view.status === 'waiting') return before.forEach((each) => this.add(each));
    if (item.decision && !view.report?.chosen) this.decision(item, view);
    for (const each of view.criteria) {
      const isEnough = each.state === 'met' || (each.state === 'waived' && !resolved);
      if (!isEnough) this.criterion(view, each, today === view ? this.now : this.horizon);
    }
  }

  private dropped(item: Item): void {
    const { plan } = this.state;
    const deciders = indexOf(plan).openers.get(item.id) ?? [];
    const taken = deciders.find(({ id }) => reportOn(this.state, id)?.chosen !== undefined);
    const [boss] = eligible(plan.people, plan.launch.authority.by, this.now);
    // Only for a must that some option would keep: anything else would be reopened for ever.
    const isMust = indexOf(plan).gates.get(item.id) === 'must';
    const canOpen = isMust && taken?.decision?.options.some((option) => this.drops(taken, option) === 0);
    const reason = quote(`${item.id} is wanted`);
    const command =
      taken && boss && canOpen ? `launch reopen ${plan.id} ${taken.id} --reason ${reason} --as ${boss}` : null;
    const action = `${item.id} was dropped by ${taken?.id ?? 'a decision'}: reopen that, or take it out of the musts`;
    this.needs.push({ who: this.authority(), action, ref: item.id, command });
  }

  /** How many musts an option would drop. */
  private drops({ decision }: Item, { opens }: DecisionOption): number {
    const { gates } = indexOf(this.state.plan);
    const others = new Set(decision?.options.flatMap((option) => option.opens));
    return [...others].filter((id) => gates.get(id) === 'must' && !opens.includes(id)).length;
  }

  private decision(item: Item, view: ItemView): void {
    const { people, id: launch } = this.state.plan;
    const decision = item.decision!;
    const choices = view.report?.choices ?? [];
    const votes = (option: string) => choices.filter((choice) => choice.option === option);
    // What drops no must can lead to GO; among those, what most people want.
    const [favourite] = [...decision.options].sort(
      (a, b) => this.drops(item, a) - this.drops(item, b) || votes(b.id).length - votes(a.id).length
    );
    if (!favourite) return;
    const answers = votes(favourite.id);
    const action = `decide '${item.title}': one of ${decision.options.map(({ id }) => id).join(', ')}`;
    for (const by of whoIsMissing(people, decidersOf(item, view.owners), { answers, may: () => true, now: this.now })) {
      const command = `launch decide ${launch} ${item.id} ${favourite.id} --as ${by}`;
      this.needs.push({ who: by, action, ref: item.id, command });
    }
  }

  private criterion(view: ItemView, each: CriterionView, at: number): void {
    const { criterion, count } = each;
    if (count) return count.others.forEach((id) => this.add(id, true));
    if (criterion.attest) {
      this.needs.push(...humanNeeds(this.state, { view, criterion: each }, { now: this.now, at }));
    } else if (probeOf(criterion)) {
      const who = view.owners.join(', ') || 'the world';
      this.needs.push({ who, action: checkAction(criterion, each), ref: view.item.id, command: null });
    }
  }

  private authority(): string {
    return anyOf(eligible(this.state.plan.people, this.state.plan.launch.authority.by, this.now));
  }
}

/** Who of the authority could sign now for the roles that are missing. */
export function signOffNeeds(state: LaunchState, missing: readonly string[], now: number): Need[] {
  if (missing.length === 0) return [];
  const { people, launch, id } = state.plan;
  const excluded = excludedSigners(state);
  const may = (by: string) => !excluded.has(by);
  const signers = whoIsMissing(people, launch.authority, { answers: countingAnswers(state), may, now });
  if (signers.length === 0) {
    return missing.map((role) => ({
      who: role,
      action: `sign off as ${role}; nobody is free to`,
      ref: role,
      command: null,
    }));
  }
  return signers.map((by) => {
    const before = state.signOffs.find((signOff) => signOff.by === by);
    const again = before && signOffState(before) !== 'no' ? ` again (the last is ${signOffState(before)})` : '';
    const role = missing.find((each) => answersFor(people, { by, at: now }, each)) ?? missing[0]!;
    return { who: by, action: `sign off${again}`, ref: role, command: `launch sign-off ${id} --as ${by}` };
  });
}

/** A person's no-go is lifted by its giver; a check's by the world. */
function noGoNeeds(state: LaunchState, { ref, text }: Reason): Need[] {
  const words = reportOn(state, `NO-GO.${ref}`)?.progress[ref]?.words ?? [];
  if (words.length === 0) return [{ who: 'the world', action: text, ref, command: null }];
  return words.map(({ by }) => ({
    who: by,
    action: `take back that it holds: ${text}`,
    ref,
    command: `launch retract ${state.plan.id} NO-GO.${ref} ${ref} --as ${by}`,
  }));
}

/** Reasons that are turned into needs as a whole: of items, and of sign-offs. */
const TOGETHER: readonly Reason['code'][] = ['MUST_UNMET', 'SIGN_OFF_MISSING', 'SHOULD_MIN'];

function needOf(state: LaunchState, reason: Reason, now: number): Need[] {
  if (TOGETHER.includes(reason.code)) return [];
  const { id: launch } = state.plan;
  const [boss] = eligible(state.plan.people, state.plan.launch.authority.by, now);
  const authority = anyOf(eligible(state.plan.people, state.plan.launch.authority.by, now));
  switch (reason.code) {
    case 'REPORT_UNREVIEWED': {
      const command = boss ? `launch review-blocker ${launch} ${reason.ref} --accept --as ${boss}` : null;
      return [
        {
          who: authority,
          action: `review ${reason.ref}: accept it, or reject it with --reject`,
          ref: reason.ref,
          command,
        },
      ];
    }
    case 'SAID_NO': {
      if (!findPerson(state.plan.people, reason.ref)) {
        const action = `put ${reason.ref} back into the plan (launch amend), so that the no can be withdrawn; only its giver can`;
        return [{ who: authority, action, ref: reason.ref, command: null }];
      }
      const command = `launch sign-off ${launch} --withdraw --as ${reason.ref}`;
      return [{ who: reason.ref, action: 'withdraw the no; only its giver can', ref: reason.ref, command }];
    }
    case 'HOLD': {
      const command = boss ? `launch release ${launch} --reason ${quote('what held it is over')} --as ${boss}` : null;
      return [{ who: authority, action: `release the hold (${reason.text})`, ref: reason.ref, command }];
    }
    case 'NO_GO_TRIGGER':
      return noGoNeeds(state, reason);
    case 'GAVE_UP': {
      const isOver = now >= givesUpAt(state);
      const action = isOver
        ? 'start a new launch: this one has given up'
        : 'move the date (launch reschedule): giving up is counted from the new one';
      return [{ who: authority, action, ref: reason.ref, command: null }];
    }
    case 'NO_MUST':
      return state.plan.gates.must.length > 0
        ? []
        : [{ who: authority, action: 'name what must be met', ref: reason.ref, command: null }];
    case 'MUST_UNMET':
    case 'SIGN_OFF_MISSING':
    case 'WINDOW':
    case 'ANNOUNCEMENT':
    case 'SHOULD_MIN':
      return [];
  }
}

/** What would make it GO: the open reasons turned into who can do what, in the order in which it can be done. */
export function needsOf(
  state: LaunchState,
  reasons: readonly Reason[],
  { now, horizon }: { now: number; horizon: number }
): Need[] {
  const items = new NeedsOfItems(state, now, horizon);
  for (const { code, ref } of reasons) {
    if (code === 'MUST_UNMET') items.add(ref);
    // Where every must is waived, one of them has to be met by evidence after all.
    if (code === 'NO_MUST') for (const { item } of state.plan.gates.must) items.add(item, true);
    if (code === 'SHOULD_MIN') for (const { item } of state.plan.gates.should) items.add(item);
  }
  const missing = reasons.filter(({ code }) => code === 'SIGN_OFF_MISSING').map(({ ref }) => ref);
  const others = reasons.flatMap((reason) => needOf(state, reason, now));
  const all = [...items.needs, ...others, ...signOffNeeds(state, missing, now)];
  const lines = new Set<string>();
  return all.filter(({ who, action, ref }) => {
    const line = `${ref} ${who} ${action}`;
    return !lines.has(line) && lines.add(line);
  });
}
