import { bounded, boundedTogether, TookTooLong } from '../../../activities/checks/bounded';

function forEver(): never {
  for (;;);
}

test('what is done in time is the answer, and what is thrown comes out', () => {
  const problem = new RangeError('too deep');
  expect(bounded(() => [1, 2])).toEqual([1, 2]);
  expect(() =>
    bounded(() => {
      throw problem;
    })
  ).toThrow(problem);
});

test('what never ends is stopped, whatever it catches, and the next one runs', () => {
  const stubborn = (): void => {
    for (;;) {
      try {
        forEver();
      } catch {
        // on it goes
      }
    }
  };
  expect(() => bounded(stubborn, 20)).toThrow(TookTooLong);
  expect(bounded(() => 'ok', 20)).toBe('ok');
});

test('work within bounded work ends with it', () => {
  expect(() => bounded(() => bounded(forEver, 1_000_000), 20)).toThrow(TookTooLong);
  expect(bounded(() => bounded(() => 'ok'))).toBe('ok');
});

test('several together have one time', () => {
  const together = boundedTogether(20);
  expect(together(() => 'ok')).toBe('ok');
  expect(() => together(forEver)).toThrow(TookTooLong);
  expect(() => together(() => 'ok')).toThrow(TookTooLong);
});
