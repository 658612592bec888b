import { activeItems, todosFor, type Todo } from '../../cli/todo-list';
import { boardOf } from '../../domain/board';
import { Rehearsal } from '../../domain/simulate';
import { human, item, NOON, planOf, probe } from '../support/plans';

function todo(run: Rehearsal, who: string): Todo[] {
  const { launch, now } = run.world;
  const board = boardOf(launch, now);
  const items = activeItems(board).map(({ id }) => run.world.items[id]!);
  return todosFor(who, board, { items, now });
}

const lines = (todos: Todo[]) => todos.map(({ command, needed }) => `${needed ? '!' : ' '} ${command}`);

test('what the launch waits for comes first, then what is possible', () => {
  const items = [item('A'), item('B', { owners: ['qa'], criteria: [human('one', ['qa']), human('two', ['pilot'])] })];
  const run = new Rehearsal(planOf({ items, must: ['A'] }), NOON);
  expect(lines(todo(run, 'dev'))).toEqual(['! launch attest demo A done --as dev', '  launch ack demo A --as dev']);
  expect(lines(todo(run, 'qa'))).toEqual(['  launch ack demo B --as qa', '  launch attest demo B one --as qa']);
  expect(lines(todo(run, 'pilot'))).toEqual(['  launch attest demo B two --as pilot']);
});

test('what is done or may not be done is not offered', () => {
  const run = new Rehearsal(planOf({ items: [item('A'), item('B', { after: ['A'] })], must: ['A'] }), NOON);
  expect(lines(todo(run, 'pilot'))).toEqual([]);
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  expect(lines(todo(run, 'dev'))).toEqual(['  launch ack demo B --as dev', '  launch attest demo B done --as dev']);
});

test('what any of the authority can do is offered to each of them, in their own name', () => {
  const run = new Rehearsal(planOf(), NOON);
  run.act({ type: 'hold', by: 'qa', reason: 'wait' });
  const release = 'launch release demo --reason "what held it is over" --as';
  expect(lines(todo(run, 'ana'))).toContain(`! ${release} ana`);
  expect(lines(todo(run, 'Carl'))).toContain(`! ${release} Carl`);
  expect(lines(todo(run, 'qa'))).toEqual([]);
});

test('what only the world can change is told to whoever can change it, without a line to type', () => {
  const run = new Rehearsal(
    planOf({ items: [item('API', { criteria: [probe('up')] })], must: ['API'] }),
    NOON,
    () => 'failed'
  );
  expect(todo(run, 'dev')[0]).toMatchObject({ ref: 'API', command: null, needed: true });
});
