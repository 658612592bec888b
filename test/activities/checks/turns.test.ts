import { AT_ONCE, inTurn } from '../../../activities/checks/turns';
import { until } from '../../support/until';

/** Runs that end when the test says so. */
function runs() {
  const ends: Array<() => void> = [];
  let most = 0;
  let running = 0;
  const run = async (): Promise<string> => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running--;
    return 'done';
  };
  return { run, ends, running: () => running, most: () => most };
}

const waits = () => ({ signal: new AbortController().signal });

test('so many at once of one thing; the others follow as places are left', async () => {
  const { run, ends, running, most } = runs();
  const all = Array.from({ length: 3 * AT_ONCE }, () => inTurn('the database "a"', waits(), run));
  await until('the first are under way', () => running() === AT_ONCE);
  for (let ended = 0; ended < all.length; ended++) {
    await until('another is under way', () => ends.length > ended);
    ends[ended]!();
  }
  expect(await Promise.all(all)).toEqual(all.map(() => 'done'));
  expect(most()).toBe(AT_ONCE);
});

test('checks that hang on one thing hold up no other', async () => {
  const hanging = runs();
  const stuck = Array.from({ length: AT_ONCE + 5 }, () => inTurn('the command "slow"', waits(), hanging.run));
  await until('they hang', () => hanging.running() === AT_ONCE);
  expect(await inTurn('the command "quick"', waits(), () => Promise.resolve('done'))).toBe('done');
  for (let ended = 0; ended < stuck.length; ended++) {
    await until('another is under way', () => hanging.ends.length > ended);
    hanging.ends[ended]!();
  }
  await Promise.all(stuck);
});

test('one that nobody waits for any more gives its turn up, and is told as not run', async () => {
  const { run, ends, running } = runs();
  const first = Array.from({ length: AT_ONCE }, () => inTurn('files', waits(), run));
  const impatient = new AbortController();
  const given = inTurn('files', impatient, run);
  const next = inTurn('files', waits(), run);
  await until('the places are taken', () => running() === AT_ONCE);
  impatient.abort();
  await expect(given).rejects.toThrow('It did not get its turn in time: 16 checks of files were under way');
  for (const end of ends) end();
  await until('the next has the place', () => ends.length === AT_ONCE + 1);
  ends[AT_ONCE]!();
  expect(await Promise.all([...first, next])).toHaveLength(AT_ONCE + 1);
  await expect(inTurn('files', { signal: AbortSignal.abort() }, () => Promise.resolve('free'))).resolves.toBe('free');
});

test('a place is left by a run that throws', async () => {
  const broken = () => inTurn('files', waits(), () => Promise.reject(new Error('broken')));
  for (let run = 0; run < 2 * AT_ONCE; run++) await expect(broken()).rejects.toThrow('broken');
});
