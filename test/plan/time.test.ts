import { isMoment, parseDuration, parseMoment, parseWeekdays, resolveMoment, wrongWeekday } from '../../plan/time';

const utc = (text: string): number => Date.parse(text);
const at = (text: string, frame: { zone: string; start: string; launch?: string }): string | undefined => {
  const moment = parseMoment(text);
  const launch = frame.launch === undefined ? undefined : utc(frame.launch);
  const resolved = moment && resolveMoment(moment, { zone: frame.zone, start: utc(frame.start), launch });
  return resolved === undefined ? undefined : new Date(resolved).toISOString().slice(0, 16);
};

test.each([
  ['30s', 30_000],
  ['30m', 1_800_000],
  ['4h', 14_400_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
  ['0m', 0],
  ['250ms', 250],
])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(['', '30', 'm', '-5m', '5 m', '5 minutes', '1h 30m', '1e3s', '999999999999w', 'P1D'])(
  '%j is no duration',
  (text) => expect(() => parseDuration(text)).toThrow(RangeError)
);

/** The clocks of New York go forward on 2027-03-14, 02:00. */
const frame = { zone: 'America/New_York', start: '2027-03-10T15:00Z', launch: '2027-03-15T14:00Z' };

test.each([
  ['2027-03-20 10:00', '2027-03-20T14:00'],
  ['2027-03-20T10:00', '2027-03-20T14:00'],
  ['2027-03-20T10:00Z', '2027-03-20T10:00'],
  ['2027-03-20 10:00 +02:00', '2027-03-20T08:00'],
  ['2027-03-20T10:00:30.5-0500', '2027-03-20T15:00'],
  ['2027-03-20', '2027-03-21T03:59'],
  ['Sat 2027-03-20', '2027-03-21T03:59'],
  ['Saturday, 2027-03-20 10:00', '2027-03-20T14:00'],
  ['T', '2027-03-15T14:00'],
  ['T-48h', '2027-03-13T14:00'],
  ['T-2d', '2027-03-13T15:00'],
  ['T-1w', '2027-03-08T15:00'],
  ['T-1d12h', '2027-03-14T02:00'],
  ['T+30m', '2027-03-15T14:30'],
  ['+8h', '2027-03-10T23:00'],
  ['+30s', '2027-03-10T15:00'],
  ['+7d', '2027-03-17T14:00'],
  ['+7d 10:00', '2027-03-17T14:00'],
  ['+0d 18:00', '2027-03-10T23:00'],
])('%s in New York is %s UTC', (text, expected) => expect(at(text, frame)).toBe(expected));

test.each([
  '',
  'soon',
  'T-',
  'T-x',
  't-2d',
  '+',
  '+2h 10:00',
  '+1d 24:00',
  '2027-02-30',
  '2027-13-01',
  '2027-3-1',
  '2027-03-01 25:00',
  '10:00',
  '27.10.2025',
  '2027-03-01 9 am',
  'Foo 2027-03-01',
])('%j is no instant', (text) => expect(isMoment(text)).toBe(false));

test('an hour that the clocks skip is the one after it', () => {
  expect(at('2027-03-14 02:30', frame)).toBe('2027-03-14T07:30');
});

test('an offset from a launch that has no date is nothing', () => {
  expect(at('T-2d', { ...frame, launch: undefined })).toBeUndefined();
});

test('a weekday before a date is checked', () => {
  expect(wrongWeekday(parseMoment('Sat 2027-03-20')!)).toBeUndefined();
  expect(wrongWeekday(parseMoment('Fri 2027-03-20')!)).toBe('Sat');
  expect(wrongWeekday(parseMoment('2027-03-20')!)).toBeUndefined();
});

test('weekdays are numbers, also over the weekend', () => {
  expect(parseWeekdays('Mon-Fri')).toEqual([1, 2, 3, 4, 5]);
  expect(parseWeekdays('Sat-Mon, Wed')).toEqual([1, 3, 6, 7]);
});
