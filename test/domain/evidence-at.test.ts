import fc from 'fast-check';
import { wordText } from '../../domain/evidence';
import { evidenceAt } from '../../domain/evidence-at';

const AT = Date.UTC(2026, 9, 27, 14);

test('when a person gave their word, whatever they wrote beside it', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: Date.UTC(2200, 0) }), (note, at) => {
      const evidence = wordText({ by: 'qa', at, evidence: { note } });
      expect(evidenceAt({ evidence, automatic: false })).toBe(at);
    })
  );
});

test.each([
  ['a measurement', 'status 200 (2026-10-27T14:00:00.000Z)', true, AT],
  [
    'an instant within what was seen is not when',
    'built 2020-01-01T00:00:00.000Z (2026-10-27T14:00:00.000Z)',
    true,
    AT,
  ],
  ['a count has no age', '2 of 7 (29 %) resolved, needs at least 95 %', true, undefined],
  ['a waiver is no evidence', 'waived by ceo until 2026-10-27T14:00:00.000Z: no time', false, undefined],
  ['nothing', null, true, undefined],
] as Array<[string, string | null, boolean, number | undefined]>)('%s', (...[, evidence, automatic, at]) => {
  expect(evidenceAt({ evidence, automatic })).toBe(at);
});
