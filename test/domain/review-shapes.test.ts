import { boardOf } from '../../domain/board';
import { refuseLaunch } from '../../domain/launch-commands';
import { initialLaunchState } from '../../domain/launch-state';
import type { Plan } from '../../domain/plan';
import { planProblem } from '../../domain/plan-shape';
import { human, item, NOON, planOf, probe } from '../support/plans';

const whole = planOf({
  items: [item('A', { criteria: [probe('up'), human('ok', ['qa'])] }), item('B', { after: ['A'] })],
  must: ['A'],
  should: ['B'],
});

/** The plan as JSON with one member, by path, replaced; undefined takes it out. */
function with_(path: string, value: unknown): Plan {
  const copy = JSON.parse(JSON.stringify(whole)) as { [key: string]: unknown };
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => at[key] as { [key: string]: unknown }, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy as unknown as Plan;
}

test('a compiled plan is one', () => {
  expect(planProblem(JSON.parse(JSON.stringify(whole)))).toBeUndefined();
});

test.each<[string, unknown]>([
  ['title', undefined],
  ['metrics', undefined],
  ['calendar.transitions', [null]],
  ['launch.at', 1e300],
  ['launch.at', 8.64e15],
  ['launch.finalPoll', undefined],
  ['launch.milestones', undefined],
  ['launch.announce', {}],
  ['launch.authority.quorum', { manager: 1e9 }],
  ['launch.authority.by', [null]],
  ['launch.noGo', [null]],
  ['people.0.roles', undefined],
  ['items.0.id', '__proto__'],
  ['items.1.id', 'A'],
  ['items.0.owners', [1]],
  ['items.0.escalation', [null]],
  ['items.0.sla', null],
  ['items.0.criteria.0.check', {}],
  ['items.0.criteria.1.id', 'up'],
  ['items.0.criteria.1.attest', {}],
  ['items.0.criteria.1.attest.quorum', 'most'],
  ['items.0.decision', { options: 1 }],
  ['gates.must.0.item', 'NOWHERE'],
  ['onVerdict.go', 'deep'],
  ['undecodable', { toString: 1, valueOf: 1 }],
])('a plan whose %s is something else is refused in a sentence', (path, value) => {
  const plan = with_(path, value === 'deep' ? [JSON.parse('['.repeat(90_000) + ']'.repeat(90_000))] : value);
  const state = initialLaunchState(whole, NOON);
  const refused = refuseLaunch(state, { type: 'amend', by: 'ana', plan, reason: 'r' }, NOON);
  expect(refused).toEqual({ code: 'BAD_INPUT', message: expect.stringContaining('the amended plan is none') });
  expect(boardOf(state, NOON).revision).toBe(1);
});
