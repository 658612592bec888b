import { failingSince } from '../../web/src/pages/item/failing';

const run = (at: number, outcome: string, criterion = 'up') => ({
  type: 'measured',
  at,
  body: { criterion, measurement: { outcome } } as never,
});

test('it fails since it was first seen to, also where it was looked at again by hand', () => {
  expect(failingSince([run(1, 'failed'), run(5, 'failed')], 'up')).toBe(1);
  expect(failingSince([run(1, 'failed'), run(2, 'passed'), run(5, 'failed'), run(6, 'failed')], 'up')).toBe(5);
});

test('of what does not fail, or is of another check, nothing is said', () => {
  expect(failingSince([run(1, 'failed'), run(2, 'inconclusive')], 'up')).toBeUndefined();
  expect(
    failingSince([run(1, 'failed', 'other'), { type: 'moved', at: 2, body: null as never }], 'up')
  ).toBeUndefined();
  expect(failingSince([], 'up')).toBeUndefined();
});
