import { whenNoticed } from '../../cli/playground';
import { damping } from '../../domain/criterion';

test('how soon a change is noticed is said as it is: falling back at once, recovering later the more it flapped', () => {
  expect(whenNoticed('broken')).toBe('Within some 15 seconds it is noticed, without anybody saying so:');
  expect(whenNoticed('fixed')).toMatch(
    /; later where it was broken and fixed several times within an hour: it must pass/
  );
  expect(damping([1, 2, 3])).toBeGreaterThan(1);
});
