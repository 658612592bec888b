import { possibleOnItem } from '../../domain/possible';
import { Rehearsal } from '../../domain/simulate';
import { DAY } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

/** What somebody may not say of an item is told by what concerns them, not by whichever criterion comes first. */

const items = [
  item('BOTH', { criteria: [probe('up'), human('seen', ['qa'])] }),
  item('SEVERAL', { criteria: [probe('up'), human('one', ['qa']), human('two', ['pilot'])] }),
  item('MEASURED', { criteria: [probe('up')] }),
];

const world = () => new Rehearsal(planOf({ items, must: ['BOTH'] }), NOON);

function possible(id: string, by: string, { type, run = world() }: { type: string; run?: Rehearsal }) {
  return possibleOnItem(run.world.items[id]!, { by }, NOON).find((action) => action.type === type);
}

const attesting = (id: string, by: string) => possible(id, by, { type: 'attest' });

test('who may not attest is told who may, not that another criterion is measured', () => {
  expect(attesting('BOTH', 'dev')).toEqual({
    type: 'attest',
    allowed: false,
    code: 'NOT_ALLOWED',
    reason: "'seen holds' is attested by qa, not by dev",
  });
  expect(attesting('BOTH', 'qa')).toEqual({ type: 'attest', allowed: true, choices: ['seen'] });
});

test('where several things are attested, of each of them', () => {
  expect(attesting('SEVERAL', 'dev')?.reason).toBe(
    "'one holds' is attested by qa, not by dev; 'two holds' is attested by pilot, not by dev"
  );
});

test('where all is measured, that is why', () => {
  expect(attesting('MEASURED', 'qa')).toMatchObject({
    allowed: false,
    code: 'AUTOMATIC',
    reason: expect.stringContaining("'up answers' is verified by a check"),
  });
});

test('whoever has nothing to take back hears it of the item', () => {
  const { code, reason } = possible('BOTH', 'dev', { type: 'retract' }) ?? {};
  expect([code, reason]).toEqual([
    'NOTHING_TO_RETRACT',
    'dev has given no word and no waiver on BOTH; words are retracted by their giver',
  ]);
});

test('a waiver of what is measured can be taken back, though nobody attests it', () => {
  const run = world();
  const waiver = { criterion: 'up', reason: 'r', risk: 'r', until: NOON + 30 * DAY };
  expect(run.actOnItem('BOTH', { type: 'waive', by: 'ana', ...waiver })).toBeUndefined();
  expect(possible('BOTH', 'ana', { type: 'retract', run })).toEqual({
    type: 'retract',
    allowed: true,
    choices: ['up'],
  });
});
