import type { Criterion, GateName, Item, Plan } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';

/** A Monday at noon, UTC: where the tests' clocks begin. */
export const NOON = Date.UTC(2025, 9, 27, 12);

export function human(id: string, by: string[], more: Partial<Criterion> = {}): Criterion {
  return { id, title: `${id} holds`, attest: { as: 'attest', by, quorum: 'any' }, independent: false, ...more };
}

export function probe(id: string, more: Partial<Criterion> = {}): Criterion {
  return {
    id,
    title: `${id} answers`,
    check: { type: 'http', url: `http://127.0.0.1:1/${id}` },
    watch: { every: MINUTE, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 },
    independent: false,
    ...more,
  };
}

export function item(id: string, more: Partial<Item> = {}): Item {
  const owners = more.owners ?? ['dev'];
  return {
    id,
    kind: 'task',
    title: `Do ${id}`,
    owners,
    reportedBy: [],
    after: [],
    verifies: [],
    orders: [],
    external: false,
    sla: { clock: 'wall' },
    escalation: [],
    remind: [],
    criteria: [human('done', owners)],
    ...more,
  };
}

export interface PlanParts {
  items?: Item[];
  must?: string[];
  should?: string[];
  nice?: string[];
  launch?: Partial<Plan['launch']>;
  plan?: Partial<Plan>;
}

/** A small whole plan: launch in two days, signed off by manager and ceo. */
export function planOf({
  items = [item('A')],
  must = ['A'],
  should = [],
  nice = [],
  launch = {},
  plan = {},
}: PlanParts = {}): Plan {
  const gate = (ids: string[]) =>
    ids.map((id) => ({ item: id, title: items.find((each) => each.id === id)?.title ?? id }));
  const gates: { [gate in GateName]: Array<{ item: string; title: string }> } = {
    must: gate(must),
    should: gate(should),
    nice: gate(nice),
  };
  return {
    id: 'demo',
    title: 'Demo',
    revision: 1,
    start: NOON,
    timezone: 'UTC',
    calendar: { zone: 'UTC', transitions: [{ at: 0, offset: 0 }], until: NOON + 400 * DAY },
    launch: {
      at: NOON + 2 * DAY,
      finalPoll: 30 * MINUTE,
      authority: { by: ['manager', 'ceo'], quorum: 'all', no: 'hold' },
      separation: false,
      signOffGrace: HOUR,
      announce: { lead: 0, to: [] },
      noGo: [],
      milestones: [],
      rollback: [],
      ...launch,
    },
    people: [
      { id: 'ana', name: 'Ana', roles: ['manager'] },
      { id: 'carl', name: 'Carl', roles: ['ceo'] },
      { id: 'dev', name: 'Dev', roles: [] },
      { id: 'qa', name: 'QA', roles: [] },
      { id: 'pilot', name: 'Pilot', roles: [] },
    ],
    groups: { everyone: ['ana', 'carl', 'dev', 'qa', 'pilot'] },
    channels: {},
    items,
    gates,
    defaults: { sla: { clock: 'wall' }, escalation: [], remind: [] },
    metrics: [],
    onVerdict: { go: [], delay: [], noGo: [] },
    context: [],
    ...plan,
  };
}
