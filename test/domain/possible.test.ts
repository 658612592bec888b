import { possibleOnItem } from '../../domain/possible';
import { Rehearsal } from '../../domain/simulate';
import { human, item, NOON, planOf, probe } from '../support/plans';

const items = [
  item('BOTH', { criteria: [probe('up'), human('seen', ['qa'])] }),
  item('MEASURED', { criteria: [probe('up')] }),
];

function attesting(id: string, by: string) {
  const run = new Rehearsal(planOf({ items, must: ['BOTH'] }), NOON);
  return possibleOnItem(run.world.items[id]!, { by }, NOON).find(({ type }) => type === 'attest');
}

test('who may not attest is told who may, not that another criterion is measured', () => {
  expect(attesting('BOTH', 'dev')).toEqual({
    type: 'attest',
    allowed: false,
    code: 'NOT_ALLOWED',
    reason: "'seen holds' is attested by qa, not by dev",
  });
  expect(attesting('BOTH', 'qa')).toEqual({ type: 'attest', allowed: true, choices: ['seen'] });
});

test('where all is measured, that is why', () => {
  expect(attesting('MEASURED', 'qa')).toMatchObject({
    allowed: false,
    reason: expect.stringContaining("'up answers' is verified by a check"),
  });
});
