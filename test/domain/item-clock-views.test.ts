import { itemClocks } from '../../domain/item-clock-views';
import type { Item } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

const sla = { respond: 4 * HOUR, resolve: DAY, clock: 'wall' } as const;
const escalation = [
  { after: 0, to: ['manager'] },
  { after: HOUR, to: ['ceo'] },
];

function withA(more: Partial<Item>): Rehearsal {
  return new Rehearsal(planOf({ items: [item('A', { sla, escalation, ...more }), item('B')] }), NOON);
}

const clocksOf = ({ world }: Rehearsal) => itemClocks(world.items.A!, world.now);
const iso = (at: number) => new Date(at).toISOString();

test('each clock that the plan gives, with what was used, by when, and who is told next', () => {
  const run = withA({ deadline: { at: NOON + 2 * HOUR } });
  run.advance(NOON + HOUR);
  expect(clocksOf(run)).toEqual([
    {
      clock: 'respond',
      limit: 4 * HOUR,
      spent: HOUR,
      runs: true,
      by: iso(NOON + 4 * HOUR),
      late: false,
      next: { at: iso(NOON + 4 * HOUR), to: ['manager'] },
      told: [],
    },
    {
      clock: 'resolve',
      limit: DAY,
      spent: HOUR,
      runs: true,
      by: iso(NOON + DAY),
      late: false,
      next: { at: iso(NOON + DAY), to: ['manager'] },
      told: [],
    },
    {
      clock: 'deadline',
      limit: 2 * HOUR,
      spent: HOUR,
      runs: true,
      by: iso(NOON + 2 * HOUR),
      late: false,
      next: { at: iso(NOON + 2 * HOUR), to: ['manager'] },
      told: [],
    },
  ]);
});

test('late: who was told, and who is next; answered: it stands at what was used, and nobody is told', () => {
  const run = withA({});
  run.advance(NOON + 4.5 * HOUR);
  expect(clocksOf(run)[0]).toMatchObject({ late: true, spent: 4.5 * HOUR, next: { to: ['ceo'] } });
  expect(clocksOf(run)[0]?.told).not.toEqual([]);
  const [owner] = run.world.items.A!.owners;
  expect(run.actOnItem('A', { type: 'acknowledge', by: owner! })).toBeUndefined();
  run.advance(NOON + 9 * HOUR);
  expect(clocksOf(run)[0]).toMatchObject({ runs: false, spent: 4.5 * HOUR, late: true, by: null, next: null });
});

test('under a hold all stand', () => {
  const run = withA({});
  run.advance(NOON + HOUR);
  expect(run.act({ type: 'hold', by: 'ana', reason: 'the provider is down' })).toBeUndefined();
  run.advance(NOON + 8 * HOUR);
  expect(clocksOf(run).map(({ runs, spent }) => [runs, spent])).toEqual([
    [false, HOUR],
    [false, HOUR],
  ]);
});

test('without limits there is none', () => {
  expect(clocksOf(withA({ sla: { clock: 'wall' }, deadline: undefined }))).toEqual([]);
});
