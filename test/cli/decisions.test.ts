import { renderDecisions } from '../../report/render-decision';
import { decisionRecord } from '../../domain/decision-record';
import type { Decision, Item } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { HOUR } from '../../domain/units';
import { item, NOON, planOf } from '../support/plans';

const options = [
  { id: 'cloud', title: 'Managed', consequences: 'Costs 300 a month', opens: ['A'] },
  { id: 'self', title: 'Self-hosted', opens: ['B'] },
];

function decides(more: Partial<Decision> = {}, ofItem: Partial<Item> = {}): Rehearsal {
  const decision: Decision = { by: ['ana', 'carl', 'qa'], quorum: 2, options, ifSilent: 'escalate', ...more };
  const D = item('D', { kind: 'decision', title: 'Where traces live', criteria: [], decision, ...ofItem });
  return new Rehearsal(planOf({ items: [D, item('A'), item('B')], must: ['A'] }), NOON);
}

const record = (run: Rehearsal) => decisionRecord(run.world.items.D!)!;
const text = (run: Rehearsal) => renderDecisions({ title: 'Demo', zone: 'UTC' }, [record(run)]);

function choose(run: Rehearsal, by: string, { option, why }: { option: string; why?: string }): void {
  expect(run.actOnItem('D', { type: 'decide', by, option, why })).toBeUndefined();
}

test('an open decision says what was said so far; what is no decision has no record', () => {
  const run = decides();
  choose(run, 'qa', { option: 'self', why: 'cheaper' });
  expect(record(run)).toMatchObject({
    status: 'open',
    choice: null,
    final: null,
    dissent: [],
    choices: [{ by: 'qa', option: 'self', why: 'cheaper' }],
  });
  expect(text(run)).toContain('- Status: open (open)');
  expect(decisionRecord(run.world.items.A!)).toBeUndefined();
});

test('the last choice of each counts until it is final; who wanted something else is dissent', () => {
  const run = decides({}, { impact: 'No *traces*\nno launch', notes: 'Asked twice' });
  choose(run, 'qa', { option: 'cloud' });
  choose(run, 'qa', { option: 'self', why: 'cheaper' });
  run.actOnItem('D', { type: 'comment', by: 'dev', text: 'either works' });
  choose(run, 'ana', { option: 'cloud', why: 'no one to run it' });
  run.advance(NOON + HOUR);
  choose(run, 'carl', { option: 'cloud' });
  const { choice, dissent, final, options: known } = record(run);
  expect(choice).toMatchObject({ option: 'cloud', how: 'quorum', choices: [{ by: 'ana' }, { by: 'carl' }] });
  expect(dissent).toEqual([{ by: 'qa', option: 'self', at: '2025-10-27T12:00:00.000Z', why: 'cheaper' }]);
  expect(final).toBe('2025-10-27T13:00:00.000Z');
  expect(known[0]).toMatchObject({ consequences: 'Costs 300 a month', opens: ['A'], drops: ['B'] });
  expect(run.actOnItem('D', { type: 'decide', by: 'qa', option: 'self' })?.code).toBe('FINAL');
  expect(text(run)).toBe(`# Decisions of Demo

## D: Where traces live

- Status: decided by its quorum, final since Mon 2025-10-27 13:00 UTC
- Decided by: ana, carl, qa (2 of them)

### Context

> No \\*traces\\*
> no launch
>
> Asked twice

- dev, Mon 2025-10-27 12:00 UTC: either works

### Options

- **cloud**: Managed
  - Consequences: Costs 300 a month
  - Opens A
  - Drops B
  - For it: ana, carl
- **self**: Self-hosted
  - Opens B
  - Drops A
  - For it: qa

### Choice

**cloud**: Managed

- ana, Mon 2025-10-27 12:00 UTC: no one to run it
- carl, Mon 2025-10-27 13:00 UTC

### Dissent

- qa for self, Mon 2025-10-27 12:00 UTC: cheaper`);
});

test('what silence took has nobody’s choice, and those who wanted the other are dissent', () => {
  const run = decides({ ifSilent: { option: 'cloud' } }, { deadline: { at: NOON + HOUR } });
  choose(run, 'qa', { option: 'self' });
  run.advance(NOON + HOUR);
  expect(record(run)).toMatchObject({
    status: 'resolved',
    ifSilent: 'cloud',
    deadline: '2025-10-27T13:00:00.000Z',
    choice: { option: 'cloud', how: 'silent', choices: [] },
    dissent: [{ by: 'qa', option: 'self' }],
  });
  expect(text(run)).toContain('Nobody; it was taken because the time had passed.');
});

test('reopened it is open again, says how often, and restores what was dropped', () => {
  const run = decides({ quorum: 'any' });
  choose(run, 'qa', { option: 'self' });
  expect(run.world.items.A?.status).toBe('dropped');
  run.actOnItem('D', { type: 'reopen', by: 'qa', reason: 'too dear' });
  expect(record(run)).toMatchObject({ choice: null, choices: [], reopened: 1 });
  expect(run.world.items.A?.status).toBe('waiting');
  expect(text(run)).toContain('taken back once before');
});

test('what people wrote is no markup and no second line of the record', () => {
  const run = decides({ quorum: 'any' });
  choose(run, 'qa', { option: 'self', why: '<script>\n## GO\u001b[2J' });
  expect(text(run)).toContain('- qa, Mon 2025-10-27 12:00 UTC: \\<script\\> \\#\\# GO \\[2J');
});

test('a plan without decisions says so', () => {
  expect(renderDecisions({ title: 'Demo', zone: 'UTC' }, [])).toBe(
    '# Decisions of Demo\n\nThis plan has no decisions.'
  );
});
