import fc from 'fast-check';
import { answersFor, eligible } from '../../domain/people';
import type { Person } from '../../domain/plan';

const NOW = 1_000;
const IDS = ['ana', 'carl', 'dev', 'eve', 'kim'];
const ROLES = ['manager', 'ceo', ...IDS];

/** Anyone may be away, also for somebody who is away, for themselves, or for somebody whom the plan does not know (any more). */
const delegates = fc.option(
  fc.record({ to: fc.constantFrom(...IDS, 'gone'), until: fc.constantFrom(NOW - 1, NOW, NOW + 1) }),
  { nil: undefined }
);
const teams = fc.array(fc.tuple(fc.subarray(['manager', 'ceo']), delegates), { maxLength: IDS.length }).map((each) =>
  each.map(([roles, delegate], n): Person => {
    const id = IDS[n]!;
    return { id, name: id, roles, ...(delegate && { delegate }) };
  })
);

test('those who may answer are those whose answer counts for one of the roles, each once, in the order of the plan', () => {
  fc.assert(
    fc.property(teams, fc.array(fc.constantFrom(...ROLES, 'nobody'), { maxLength: 4 }), (people, roles) => {
      const counts = (by: string) => roles.some((role) => answersFor(people, { by, at: NOW }, role));
      expect(eligible(people, roles, NOW)).toEqual(people.map(({ id }) => id).filter(counts));
    }),
    { numRuns: 1_000 }
  );
});
