import type { Measurement, Word } from '../../domain/criterion';
import type { ItemReport } from '../../domain/item-state';
import type { LaunchState } from '../../domain/launch-state';
import type { Criterion, Item, ItemsCheck, Person, Quorum } from '../../domain/plan';

/** A second judgement of GO, written to be obviously right and slow; it shares no code with the rules. */

function speaksFor(people: Person[], { by, at }: { by: string; at: number }, role: string): boolean {
  return people.some((person) => {
    if (person.id !== role && !person.roles.includes(role)) return false;
    const away = person.delegate !== undefined && at < person.delegate.until;
    return away ? person.delegate?.to === by : person.id === by;
  });
}

/** Whether the slots can be given to different answers, by trying every way. */
function fills(slots: string[], answers: Array<{ by: string; at: number }>, people: Person[]): boolean {
  const [slot, ...others] = slots;
  if (slot === undefined) return true;
  return answers.some(
    (answer, index) =>
      speaksFor(people, answer, slot) &&
      fills(
        others,
        answers.filter((_, each) => each !== index),
        people
      )
  );
}

export function enough(
  people: Person[],
  { by, quorum }: { by: string[]; quorum: Quorum },
  answers: Array<{ by: string; at: number }>
): boolean {
  const distinct = answers.filter((answer, index) => answers.findIndex((each) => each.by === answer.by) === index);
  if (quorum === 'all') return by.length > 0 && fills(by, distinct, people);
  if (typeof quorum === 'object') {
    const slots = Object.entries(quorum).flatMap(([role, count]) => Array<string>(count).fill(role));
    return slots.length > 0 && fills(slots, distinct, people);
  }
  const wanted = quorum === 'any' ? 1 : Math.max(1, quorum);
  return distinct.filter((answer) => by.some((role) => speaksFor(people, answer, role))).length >= wanted;
}

interface At {
  state: LaunchState;
  now: number;
}

function isWord(criterion: Criterion, word: Word, now: number): boolean {
  return !word.stale && (criterion.freshFor === undefined || now < word.at + criterion.freshFor);
}

function holdsByWords({ state, now }: At, item: Item, criterion: Criterion): boolean {
  const report = state.reports[item.id]!;
  const { people } = state.plan;
  const attest = criterion.attest!;
  const sameAsOwners = [...attest.by].sort().join() === [...item.owners].sort().join();
  const by = sameAsOwners && report.owners.length > 0 ? report.owners : attest.by;
  const words = (report.progress[criterion.id]?.words ?? []).filter(
    (word) =>
      isWord(criterion, word, now) &&
      !(criterion.independent && report.owners.some((owner) => speaksFor(people, word, owner)))
  );
  return enough(people, { by, quorum: attest.quorum }, words);
}

function holdsByCount({ state }: At, item: Item, { where, is, atLeast, atMost }: ItemsCheck): boolean {
  const statuses = state.plan.items
    .filter(({ id }) => id !== item.id && (where.ids === undefined || where.ids.includes(id)))
    .map(({ id }) => state.reports[id]?.status ?? 'waiting')
    .filter((status) => status !== 'dropped');
  const count = statuses.filter((status) =>
    is === 'resolved' ? status === 'resolved' : status !== 'resolved' && status !== 'waived'
  ).length;
  const limit = (threshold: { count: number } | { share: number }) =>
    'count' in threshold ? threshold.count : threshold.share * statuses.length;
  if (statuses.length === 0 && atLeast) return false;
  return (!atLeast || count >= limit(atLeast)) && (!atMost || count <= limit(atMost));
}

function isFresh(state: LaunchState, polled: { from: number; measurement: Measurement } | undefined): boolean {
  const from = state.poll?.from;
  return (
    polled !== undefined &&
    from !== undefined &&
    polled.from === from &&
    polled.measurement.begunAt >= from &&
    polled.measurement.outcome === 'passed'
  );
}

function holds(at: At, item: Item, criterion: Criterion): boolean {
  if (criterion.attest && !criterion.check) return holdsByWords(at, item, criterion);
  if (criterion.check?.type === 'items') return holdsByCount(at, item, criterion.check as ItemsCheck);
  return isFresh(at.state, at.state.reports[item.id]?.progress[criterion.id]?.polled);
}

function mustProblems(at: At, id: string): { problems: string[]; waived: boolean } {
  const item = at.state.plan.items.find((each) => each.id === id);
  const report: ItemReport | undefined = at.state.reports[id];
  if (!item || !report) return { problems: [`${id} is unknown`], waived: false };
  const problems = report.status === 'resolved' || report.status === 'waived' ? [] : [`${id} is ${report.status}`];
  const criteria = [...item.criteria, ...report.added];
  if (item.decision && !item.decision.options.some((option) => option.id === report.chosen?.option))
    problems.push(`${id} is not decided`);
  if (!item.decision && criteria.length === 0) problems.push(`${id} has nothing to show`);
  let waived = false;
  for (const criterion of criteria) {
    if (holds(at, item, criterion)) continue;
    const waiver = report.progress[criterion.id]?.waiver;
    if (waiver && at.now < waiver.until) waived = true;
    else problems.push(`${id} ${criterion.id} does not hold`);
  }
  return { problems, waived };
}

/** Everything that forbids GO in this state at this instant; empty: GO is right. */
export function forbids(state: LaunchState, now: number): string[] {
  const { plan } = state;
  const musts = plan.gates.must.map(({ item }) => mustProblems({ state, now }, item));
  const problems = musts.flatMap((must) => must.problems);
  if (!musts.some((must) => must.problems.length === 0 && !must.waived)) problems.push('no must is met by evidence');
  const touched = plan.launch.separation
    ? plan.gates.must.flatMap(({ item }) => state.reports[item]?.touchedBy ?? [])
    : [];
  const signed = state.signOffs.filter(
    ({ answer, void: gone, fallen, by }) => answer === 'yes' && !gone && fallen.length === 0 && !touched.includes(by)
  );
  if (!enough(plan.people, plan.launch.authority, signed)) problems.push('not signed off');
  if (state.signOffs.some(({ answer }) => answer === 'no')) problems.push('somebody says no');
  if (state.holds.length > 0) problems.push('held');
  if (state.reported.some(({ review }) => !review)) problems.push('a report waits');
  const open = plan.calendar.open;
  const at = Math.max(now, state.launchAt);
  if (open && !open.some(({ from, to }) => from <= at && at < to)) problems.push('outside the windows');
  const sent = state.announcement?.for === state.launchAt ? state.announcement.accepted : [];
  if (plan.launch.announce.to.some((to) => !sent.includes(to))) problems.push('not announced');
  return problems;
}
