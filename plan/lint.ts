/** What is allowed but most often a mistake. Warnings only; `start` does not mind them. */
import { isCounted } from '../domain/item-view';
import type { Criterion, Instant, Item, ItemsCheck, Plan } from '../domain/plan';
import { GATES } from '../domain/plan';
import type { Compiled } from './compile';
import { limitsBeyondTimeout } from './lint-checks';
import { momentsOf, pastDates } from './moments';
import { warning, type Finding, type Path } from './problem';
import { delegatedQuorums, waitsFor } from './reach';
import type { PlanDocument } from './schema';
import { parseMoment, wrongWeekday } from './time';

const iso = (at: number): string => new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');

interface Linting extends Compiled {
  document: PlanDocument;
  now: number;
  byId: ReadonlyMap<string, Item>;
  before: ReadonlyMap<string, readonly string[]>;
}

const pathOf = ({ paths }: Linting, item: string, criterion?: string): Path =>
  paths.get(criterion === undefined ? item : `${item}/${criterion}`) ?? paths.get(item) ?? [];

function counts(check: Criterion['check']): ItemsCheck | undefined {
  return check?.type === 'items' ? (check as ItemsCheck) : undefined;
}

function counted(plan: Plan, { where }: ItemsCheck, self: string): Item[] {
  return plan.items.filter((item) => item.id !== self && isCounted(plan, where, item));
}

/** These items and all that they wait for, or count. */
function closure(linting: Linting, roots: Iterable<string>, countedToo: boolean): Set<string> {
  const seen = new Set<string>();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const item = linting.byId.get(id);
    if (!item || seen.has(id)) continue;
    seen.add(id);
    open.push(...(linting.before.get(id) ?? []));
    for (const check of countedToo ? item.criteria.flatMap(({ check }) => counts(check) ?? []) : []) {
      open.push(...counted(linting.plan, check, id).map((other) => other.id));
    }
  }
  return seen;
}

function ungated(linting: Linting): Finding[] {
  const named = GATES.flatMap((gate) => linting.plan.gates[gate].map(({ item }) => item));
  const gated = closure(linting, named, true);
  return linting.plan.items
    .filter(({ id, external }) => !external && !gated.has(id))
    .map(({ id }) => {
      const message = `no gate names ${id}, and nothing in a gate waits for it: the launch does not depend on it`;
      return warning('UNGATED_ITEM', pathOf(linting, id), { found: id, expected: 'a place in a gate', message });
    });
}

function droppableMusts(linting: Linting): Finding[] {
  const { plan } = linting;
  return plan.gates.must.flatMap(({ item }) =>
    plan.items.flatMap(({ id, decision }) => {
      const opening = decision?.options.filter(({ opens }) => opens.includes(item)) ?? [];
      if (opening.length === 0 || opening.length === decision!.options.length) return [];
      const others = decision!.options.filter((option) => !opening.includes(option)).map((option) => option.id);
      const message = `the must ${item} is dropped when ${id} is decided as ${others.join(' or ')}, and then there is no GO`;
      return [
        warning('MUST_DROPPABLE', pathOf(linting, item), { found: item, expected: 'a must that stays', message }),
      ];
    })
  );
}

function hopelessMusts(linting: Linting): Finding[] {
  const { plan } = linting;
  return plan.gates.must.flatMap(({ item }) =>
    (linting.byId.get(item)?.criteria ?? []).flatMap((criterion) => {
      const check = counts(criterion.check);
      if (!check?.atLeast) return [];
      const among = counted(plan, check, item).length;
      const wanted = 'count' in check.atLeast ? check.atLeast.count : 1;
      if (among >= wanted) return [];
      const message = `nobody can meet this must: it counts at least ${wanted} item(s), and ${among} match`;
      const path = pathOf(linting, item, criterion.id);
      return [warning('MUST_UNMEETABLE', path, { found: `${among} items`, expected: `at least ${wanted}`, message })];
    })
  );
}

function lateDeadlines(linting: Linting): Finding[] {
  const { plan } = linting;
  return plan.items
    .filter(({ deadline }) => deadline && deadline.at > plan.launch.at)
    .map(({ id, deadline }) => {
      const message = `the deadline ${iso(deadline!.at)} is after the launch at ${iso(plan.launch.at)}`;
      const path = [...pathOf(linting, id), 'deadline'];
      return warning('DEADLINE_AFTER_LAUNCH', path, {
        found: iso(deadline!.at),
        expected: 'before the launch',
        message,
      });
    });
}

function wrongWeekdays({ document }: Linting): Finding[] {
  return momentsOf(document).flatMap(({ path, text }) => {
    const real = wrongWeekday(parseMoment(text)!);
    const message = `'${text}' is a ${real}`;
    return real ? [warning('WRONG_WEEKDAY', path, { found: `'${text}'`, expected: real, message })] : [];
  });
}

/** Where the launch itself is past, its own warning counts them: all of them move with it. */
function pastDeadlines({ document, now, plan }: Linting): Finding[] {
  if (plan.launch.at < now) return [];
  return pastDates(document, { now, launchAt: plan.launch.at }).map(({ path, text, at }) =>
    warning('PAST_DATE', path, {
      found: `'${text}'`,
      expected: 'a date to come',
      message: `'${text}' is in the past (${iso(at)})`,
    })
  );
}

function earlyAnnouncement(linting: Linting): Finding[] {
  const { plan } = linting;
  const { lead, to } = plan.launch.announce;
  if (to.length === 0 || lead === 0) return [];
  const due = plan.launch.at - lead;
  const musts = closure(
    linting,
    plan.gates.must.map(({ item }) => item),
    false
  );
  const ends = [...musts].flatMap((id) => {
    const { deadline, planned } = linting.byId.get(id)!;
    const instants = [deadline, planned?.to].filter((instant): instant is Instant => instant !== undefined);
    return instants.map(({ at }) => ({ id, at }));
  });
  const last = ends.reduce<{ id: string; at: number } | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined);
  if (!last || last.at <= due) return [];
  const message = `the announcement is due at ${iso(due)}, before the last planned work on a must (${last.id}, ${iso(last.at)})`;
  return [
    warning('ANNOUNCED_TOO_EARLY', ['launch', 'announce', 'lead'], {
      found: iso(due),
      expected: `not before ${iso(last.at)}`,
      message,
    }),
  ];
}

function slowPolls(linting: Linting): Finding[] {
  const { plan } = linting;
  const { finalPoll } = plan.launch;
  return plan.gates.must.flatMap(({ item }) =>
    (linting.byId.get(item)?.criteria ?? []).flatMap(({ id, watch, check }) => {
      if (!watch || counts(check)) return [];
      const row = watch.consecutive * watch.every;
      if (watch.timeout <= finalPoll && row <= finalPoll) return [];
      const what = watch.timeout > finalPoll ? 'timeout' : 'consecutive × every';
      const took = watch.timeout > finalPoll ? watch.timeout : row;
      const message = `${what} is ${took / 60_000} min, longer than the final poll of ${finalPoll / 60_000} min: it cannot be met then`;
      const path = pathOf(linting, item, id);
      return [warning('POLL_TOO_SHORT', path, { found: `${took} ms`, expected: `at most ${finalPoll} ms`, message })];
    })
  );
}

function outsideWindows({ plan }: Linting): Finding[] {
  const { open } = plan.calendar;
  const { at } = plan.launch;
  if (!open || open.some(({ from, to }) => from <= at && at < to)) return [];
  const next = open.find(({ from }) => from > at);
  const hint = next ? `; the next window opens at ${iso(next.from)}` : '; no window is open after it';
  const message = `the launch at ${iso(at)} is outside every window${hint}`;
  return [warning('OUTSIDE_WINDOWS', ['launch', 'at'], { found: iso(at), expected: 'inside a window', message })];
}

function withoutCriteria({ document, plan }: Linting): Finding[] {
  return (document.items ?? []).flatMap((item, index) => {
    if (item.acceptance?.length || item.kind === 'decision' || item.external || item.startAs === 'resolved') return [];
    const { id, owners } = plan.items[index]!;
    const word = owners.length > 0 ? owners.join(' or ') : 'the authority, since it has no owner';
    const message = `${id} has no criterion: it is met by the word of ${word}`;
    return [
      warning('NO_CRITERIA', ['items', index], { found: 'no acceptance', expected: 'at least one criterion', message }),
    ];
  });
}

/** Silence is that at a deadline: without one there is none, and its option is never taken. */
function endlessSilence(linting: Linting): Finding[] {
  return linting.plan.items.flatMap(({ id, decision, deadline }) => {
    if (!decision || decision.ifSilent === 'escalate' || deadline) return [];
    const found = `'${decision.ifSilent.option}'`;
    const message = `${id} has no deadline: ifSilent never takes ${found}, and it stays open until somebody decides`;
    const path = [...pathOf(linting, id), 'ifSilent'];
    return [warning('SILENCE_WITHOUT_DEADLINE', path, { found, expected: 'a deadline', message })];
  });
}

/** Warnings that need the compiled plan. */
export function lintPlan(document: PlanDocument, compiled: Compiled, now: number): Finding[] {
  const byId = new Map(compiled.plan.items.map((item) => [item.id, item]));
  const linting: Linting = { ...compiled, document, now, byId, before: waitsFor(compiled.plan) };
  return [
    ...ungated(linting),
    ...droppableMusts(linting),
    ...hopelessMusts(linting),
    ...endlessSilence(linting),
    ...lateDeadlines(linting),
    ...wrongWeekdays(linting),
    ...pastDeadlines(linting),
    ...earlyAnnouncement(linting),
    ...slowPolls(linting),
    ...limitsBeyondTimeout(linting),
    ...outsideWindows(linting),
    ...withoutCriteria(linting),
    ...delegatedQuorums(compiled),
  ];
}
