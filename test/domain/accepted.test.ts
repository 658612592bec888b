import { itemAnswer, launchAnswer } from '../../domain/accepted';
import { Rehearsal } from '../../domain/simulate';
import { DAY } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

function decided() {
  const options = [
    { id: 'x', title: 'X', opens: [] },
    { id: 'y', title: 'Y', opens: [] },
  ];
  const decision = { by: ['ana', 'carl'], quorum: 'all' as const, ifSilent: 'escalate' as const, options };
  return new Rehearsal(planOf({ items: [item('A'), item('D', { kind: 'decision', criteria: [], decision })] }), NOON);
}

test('an accepted answer says what it did, and who is still awaited', () => {
  const run = decided();
  const first = { type: 'signOff', by: 'ANA', answer: 'yes' } as const;
  run.act(first);
  expect(launchAnswer(run.world.launch, first)).toBe('ana has signed off; still awaited: ceo');
  const no = { type: 'signOff', by: 'carl', answer: 'no', why: 'costs' } as const;
  run.act(no);
  expect(launchAnswer(run.world.launch, no)).toContain('carl says no');
  const moved = { type: 'reschedule', by: 'ana', at: NOON + 5 * DAY, reason: 'later' } as const;
  run.act(moved);
  expect(launchAnswer(run.world.launch, moved)).toBe(
    'demo launches on Sat 2025-11-01 12:00 UTC; sign-offs are wanted anew'
  );
  const report = { type: 'reportBlocker', by: 'pilot', title: 'Payments fail' } as const;
  run.act(report);
  expect(launchAnswer(run.world.launch, report)).toContain('REPORTED-1');
});

test('a choice without its quorum is noted, not called a decision', () => {
  const run = decided();
  const first = { type: 'decide', by: 'ana', option: 'x' } as const;
  run.actOnItem('D', first);
  expect(itemAnswer(run.world.items.D!, first)).toBe('noted; D is not decided yet');
  const second = { type: 'decide', by: 'carl', option: 'x' } as const;
  run.actOnItem('D', second);
  expect(itemAnswer(run.world.items.D!, second)).toBe('D is decided: x');
});

test('a reported blocker that is accepted is a must, unless somebody decides that it may be less', () => {
  const run = decided();
  const report = (title: string) => run.act({ type: 'reportBlocker', by: 'pilot', title });
  report('Payments fail');
  report('A typo');
  run.act({ type: 'reviewBlocker', by: 'ana', report: 'REPORTED-1', accept: true });
  run.act({ type: 'reviewBlocker', by: 'ana', report: 'REPORTED-2', accept: true, gate: 'nice' });
  const { gates } = run.world.launch.plan;
  expect(gates.must.map(({ item: id }) => id)).toContain('REPORTED-1');
  expect(gates.must.map(({ item: id }) => id)).not.toContain('REPORTED-2');
  expect(gates.nice.map(({ item: id }) => id)).toEqual(['REPORTED-2']);
});
