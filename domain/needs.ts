import { answerersOf, isOwner, probeOf } from './criterion';
import { anyOf } from './item-commands';
import type { CriterionView, ItemView } from './item-view';
import { findItem, indexOf, viewItem, waitingOn } from './item-view';
import type { LaunchState, Need, Reason } from './launch-state';
import type { Answer } from './people';
import { eligible, quorumState } from './people';
import type { Answerers, Criterion, Item } from './plan';
import { possibleSigners, signOffState } from './sign-off';

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
  for (const candidate of eligible(people, wanted.by, now)) {
    const { met, missing } = quorumState(people, wanted, answers);
    if (met) break;
    if (answers.some(({ by }) => by === candidate) || !may(candidate)) continue;
    const next = [...answers, { by: candidate, at: now }];
    const after = quorumState(people, wanted, next);
    const counts = typeof wanted.quorum === 'number' || after.met || after.missing.length < missing.length;
    if (!counts) continue;
    asked.push(candidate);
    answers = next;
  }
  return asked;
}

function humanNeeds(state: LaunchState, view: ItemView, { criterion, progress }: CriterionView, now: number): Need[] {
  const { people, id: launch } = state.plan;
  const wanted = answerersOf(criterion, view.item, view.owners);
  const may = (id: string) => !criterion.independent || !isOwner(people, view.owners, { by: id, at: now });
  const answers = progress.words.filter(
    (word) => !word.stale && (criterion.freshFor === undefined || now < word.at + criterion.freshFor)
  );
  const missing = whoIsMissing(people, wanted, { answers, may, now });
  if (missing.length === 0) {
    const who = anyOf(eligible(people, wanted.by, now).filter(may));
    const stale = progress.words.find((word) => may(word.by))?.by;
    const command = stale ? `launch attest ${launch} ${view.item.id} ${criterion.id} --as ${stale}` : null;
    return [{ who, action: `say again that '${criterion.title}' holds`, ref: view.item.id, command }];
  }
  return missing.map((by) => ({
    who: by,
    action: `${criterion.attest?.as === 'acknowledge' ? 'acknowledge' : 'attest'} '${criterion.title}'`,
    ref: view.item.id,
    command: `launch attest ${launch} ${view.item.id} ${criterion.id} --as ${by}`,
  }));
}

function checkAction(criterion: Criterion, { state, progress, count }: CriterionView): string {
  const seen = count?.seen ?? progress.measured?.seen;
  if (state === 'unknown') return `'${criterion.title}' is being looked at`;
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

  add(id: string): void {
    const item = findItem(this.state.plan, id);
    if (!item || this.seen.has(item.id)) return;
    this.seen.add(item.id);
    const pollFrom = this.state.phase === 'polling' ? this.state.poll?.from : undefined;
    const gate = indexOf(this.state.plan).gates.get(item.id);
    const at = { now: this.now, pollFrom: gate === 'must' ? pollFrom : undefined };
    const today = viewItem(this.state, item, at);
    const view = today.ok ? viewItem(this.state, item, { now: this.horizon }) : today;
    if (view.ok) return;
    if (view.status === 'dropped') return this.dropped(item);
    const before = waitingOn(this.state, item);
    if (before.length > 0 && view.status === 'waiting') return before.forEach((each) => this.add(each));
    if (item.decision && !view.report?.chosen) this.decision(item, view);
    for (const each of view.criteria) this.criterion(view, each, today.ok ? this.horizon : this.now);
  }

  private dropped(item: Item): void {
    const action = `${item.id} was dropped by a decision: reopen the decision, or take it out of the musts`;
    this.needs.push({ who: this.authority(), action, ref: item.id, command: null });
  }

  private decision(item: Item, view: ItemView): void {
    const { people, id: launch } = this.state.plan;
    const decision = item.decision!;
    const choices = view.report?.choices ?? [];
    const votes = (option: string) => choices.filter((choice) => choice.option === option);
    const [favourite] = [...decision.options].sort((a, b) => votes(b.id).length - votes(a.id).length);
    if (!favourite) return;
    const answers = votes(favourite.id);
    const action = `decide '${item.title}': one of ${decision.options.map(({ id }) => id).join(', ')}`;
    for (const by of whoIsMissing(people, decision, { answers, may: () => true, now: this.now })) {
      const command = `launch decide ${launch} ${item.id} ${favourite.id} --as ${by}`;
      this.needs.push({ who: by, action, ref: item.id, command });
    }
  }

  private criterion(view: ItemView, each: CriterionView, now: number): void {
    const { criterion, state, count } = each;
    if (state === 'met' || state === 'waived') return;
    if (count) return count.others.forEach((id) => this.add(id));
    if (criterion.attest) {
      this.needs.push(...humanNeeds(this.state, view, each, now));
    } else if (probeOf(criterion)) {
      const who = view.owners.join(', ') || 'the world';
      this.needs.push({ who, action: checkAction(criterion, each), ref: view.item.id, command: null });
    }
  }

  private authority(): string {
    return anyOf(eligible(this.state.plan.people, this.state.plan.launch.authority.by, this.now));
  }
}

function signOffNeed(state: LaunchState, role: string, now: number, taken: Set<string>): Need {
  const possible = possibleSigners(state, role, now).filter((id) => !taken.has(id));
  const [by] = possible;
  if (by === undefined)
    return { who: role, action: `sign off as ${role}; nobody is free to`, ref: role, command: null };
  taken.add(by);
  const before = state.signOffs.find((signOff) => signOff.by === by);
  const again = before && signOffState(before) !== 'no' ? ` again (the last is ${signOffState(before)})` : '';
  return { who: by, action: `sign off${again}`, ref: role, command: `launch sign-off ${state.plan.id} --as ${by}` };
}

function needOf(state: LaunchState, reason: Reason, now: number): Need[] {
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
      const command = `launch sign-off ${launch} --withdraw --as ${reason.ref}`;
      return [{ who: reason.ref, action: 'withdraw the no; only its giver can', ref: reason.ref, command }];
    }
    case 'HOLD': {
      const command = boss ? `launch release ${launch} --reason ${quote('what held it is over')} --as ${boss}` : null;
      return [{ who: authority, action: `release the hold (${reason.text})`, ref: reason.ref, command }];
    }
    case 'NO_GO_TRIGGER':
      return [{ who: 'the world', action: reason.text, ref: reason.ref, command: null }];
    case 'GAVE_UP':
      return [{ who: authority, action: 'start a new launch: this one has given up', ref: reason.ref, command: null }];
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
    if (code === 'SHOULD_MIN') for (const { item } of state.plan.gates.should) items.add(item);
  }
  const taken = new Set<string>();
  const signOffs = reasons
    .filter(({ code }) => code === 'SIGN_OFF_MISSING')
    .map(({ ref }) => signOffNeed(state, ref, now, taken));
  const others = reasons.flatMap((reason) => needOf(state, reason, now));
  return [...items.needs, ...others, ...signOffs];
}
