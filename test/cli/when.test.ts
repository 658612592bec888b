import { resolveWhen } from '../../cli/when';
import { DAY, HOUR } from '../../domain/units';

const frame = { zone: 'America/New_York', now: Date.UTC(2025, 9, 27, 12), launchAt: Date.UTC(2025, 9, 29, 12) };

test.each([
  ['+2h', frame.now + 2 * HOUR],
  ['T+1d', frame.launchAt + DAY],
  ['2025-10-30 14:00', Date.UTC(2025, 9, 30, 18)],
  ['2025-10-30', Date.UTC(2025, 9, 31, 3, 59)],
  ['2025-10-30T14:00Z', Date.UTC(2025, 9, 30, 14)],
  ['+1d 10:00', Date.UTC(2025, 9, 28, 14)],
])('%s is counted from now, the launch or the calendar of its zone', (text, at) => {
  expect(resolveWhen(text, '--until', frame)).toBe(at);
});

test('anything else is bad input, with what could be given', () => {
  expect(() => resolveWhen('tomorrow', '--until', frame)).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('like +2h') })
  );
});
