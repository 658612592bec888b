import type { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Board } from '../../domain/board';
import type { Plan } from '../../domain/plan';
import { HOUR, MINUTE, SECOND } from '../../domain/units';
import type { Problem } from '../../plan/problem';
import type { LaunchResult } from '../../workflows/messages';
import { fixture } from '../import/documents';
import {
  BILLING,
  EVERY_MINUTES,
  HOSTED_WORK,
  local,
  OWN_WORK,
  planFrom,
  PROBES,
  SANDBOX,
  wall,
  yearOfTheWeek,
} from '../support/scripted-week';
import type { SkippingLaunch } from '../support/skipping';
import { useSkippingServer } from '../support/skipping';
import { FakeWorld } from '../support/workflows';

/** What the machine may take. */
const LATE = 10 * SECOND;
/** Once the check has looked again, and everybody has been told. */
const LOOKED = EVERY_MINUTES * MINUTE + MINUTE;

const year = yearOfTheWeek(Date.now());
/** Wall-clock times of that November, in the plan's zone. */
const at = (day: number, time: string) => local(year, day, time);

const skippingLaunch = useSkippingServer(() => at(4, '08:00'));
const world = new FakeWorld();
let plan: Plan;
let problems: Problem[];
let result: LaunchResult;
const boards: { [moment: string]: Board } = {};
let refused: string | undefined;

type Play = SkippingLaunch & { see(moment: string): Promise<void> };

/** Thursday to Saturday: nobody answers, then they work; the sandbox falls after the CEO has signed. */
async function firstDays(week: Play): Promise<void> {
  await week.sleepUntil(at(4, '14:00'));
  await week.see('silent');
  await week.tellItem('BLOCKER-TIDE-FEED-002', 'attest', {
    by: 'hydra',
    criterion: 'hydra-can-run-the-regression-suite',
  });
  await week.tellItem('BLOCKER-TIDE-FEED-002', 'resolve', { by: 'draco' });
  await week.tellItem('VERIFY-BERTH-MAP-003', 'resolve', { by: 'manager' });
  await week.tellItem(SANDBOX, 'attest', { by: 'vega' });
  const waiver = { by: 'ceo', criterion: PROBES, reason: 'the probes are being moved', risk: 'we see less' };
  await week.tellItem(SANDBOX, 'waive', { ...waiver, until: at(15, '09:45') });
  await week.sleepUntil(at(4, '16:00'));
  await week.tellItem('HYDRA-REGRESSION-001', 'resolve', { by: 'hydra' });
  await week.sleepUntil(at(5, '09:00'));
  await week.tell('signOff', { by: 'ceo', answer: 'yes' });
  await week.sleepUntil(at(5, '11:00') + LOOKED);
  await week.see('fallen');
  await week.sleepUntil(at(5, '13:00'));
  await week.see('void');
  await week.sleepUntil(at(6, '09:59'));
  await week.see('undecided');
  await week.sleepUntil(at(6, '10:05'));
  await week.see('decided');
  const late = week.tellItem(BILLING, 'decide', { by: 'ceo', option: 'home-grown' });
  refused = await late.then(
    () => 'taken',
    ({ cause }: WorkflowUpdateFailedError) => (cause as { type?: string }).type
  );
}

/** The week after: a date on a holiday, one that a person takes, and one that the launch takes by itself. */
async function lastDays(week: Play): Promise<void> {
  const sign = async () => {
    await week.tell('signOff', { by: 'manager', answer: 'yes' });
    await week.tell('signOff', { by: 'ceo', answer: 'yes' });
  };
  await week.sleepUntil(at(10, '12:00'));
  await sign();
  await week.see('signed');
  await week.sleepUntil(at(11, '10:05'));
  await week.see('holiday');
  await week.sleepUntil(at(12, '12:00'));
  await week.tell('reschedule', { by: 'manager', at: at(15, '10:00'), reason: 'at ten everybody is there' });
  await week.see('moved');
  await sign();
  await week.sleepUntil(at(15, '09:44'));
  await week.see('polling');
  await week.sleepUntil(at(15, '09:46'));
  await week.see('expired');
  await week.sleepUntil(at(15, '10:05'));
  await week.see('delayed');
  await week.sleepUntil(at(15, '11:00'));
  await week.tellItem(SANDBOX, 'attest', { by: 'corvus', criterion: PROBES });
  await week.sleepUntil(at(15, '11:05'));
  await week.see('taken');
  result = await week.goesByItself();
  await week.see('gone');
}

beforeAll(async () => {
  const isDown = (now: number) => now >= at(5, '11:00') && now < at(8, '09:00');
  world.outcome = (_, now) => (now >= at(4, '12:30') && !isDown(now) ? 'passed' : 'failed');
  await skippingLaunch(
    (now) => {
      ({ plan, problems } = planFrom(fixture, now));
      return plan;
    },
    async (launch) => {
      const see = async (moment: string) => void (boards[moment] = await launch.board());
      const week = { ...launch, see };
      await firstDays(week);
      await lastDays(week);
    },
    world
  );
}, 6 * MINUTE);

interface Sent {
  at: number;
  to: string[];
  subject: string;
}

/** What was sent, by what its key says after the launch: `about:kind:…`, or `kind:…` of the launch itself. */
function sent(key: string): Sent[] {
  return world.sent
    .filter(({ notice }) => notice.key.split(':').slice(1).join(':').startsWith(key))
    .map(({ at: when, to, notice }) => ({ at: when, to: [...to].sort(), subject: notice.subject }))
    .sort((a, b) => a.at - b.at);
}

const walls = (messages: Sent[]) => messages.map(({ at: when, to }) => `${wall(when)} ${to.join(' ')}`);

function seen(moment: string): Board {
  return boards[moment] ?? fail(`nothing was seen of '${moment}'`);
}

function fail(why: string): never {
  throw new Error(why);
}

function item(moment: string, id: string) {
  return seen(moment).items.find((each) => each.id === id) ?? fail(`no item ${id}`);
}

function signOffs(moment: string): { [by: string]: string } {
  return Object.fromEntries(seen(moment).signOffs.map(({ by, state }) => [by, state]));
}

const reasons = (moment: string) => seen(moment).now.reasons.map(({ code, ref }) => `${code} ${ref}`);
const launchAt = (moment: string) => wall(Date.parse(seen(moment).launchAt));

test('the plan is one without an error', () => {
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('it runs from start to GO, on a date that it took by itself', () => {
  expect(result).toMatchObject({ how: 'launched', verdict: 'GO', reason: 'GO' });
  expect(wall(result.at)).toBe('Tue 16 11:00');
  expect(seen('gone')).toMatchObject({ phase: 'launched', verdict: { value: 'GO' } });
});

test('silent owners: at the fourth hour their manager is told, who sleeps; an hour later the CEO; nothing is passed by it', () => {
  const silent = plan.items.filter(({ id }) => sent(`${id}:opened`).some(({ at: when }) => when < at(4, '09:00')));
  const late = silent.filter(({ id }) => sent(`${id}:respond:0:`).length > 0).map(({ id }) => id);
  expect(late).toEqual(expect.arrayContaining([SANDBOX, BILLING, 'BLOCKER-TIDE-FEED-002', 'VERIFY-BERTH-MAP-003']));
  for (const id of late) {
    expect(walls(sent(`${id}:respond:0:`))).toEqual(['Thu 4 12:00 manager', 'Thu 4 13:00 ceo']);
    const [first, second] = sent(`${id}:respond:0:`) as [Sent, Sent];
    expect(first.at - sent(`${id}:opened`)[0]!.at - 4 * HOUR).toBeLessThan(LATE);
    expect(second.at - first.at - HOUR).toBeLessThan(LATE);
  }
  expect(item('silent', SANDBOX)).toMatchObject({ status: 'open' });
  expect(reasons('silent')).toContain(`MUST_UNMET ${SANDBOX}`);
});

test('a sign-off is suspended when a must falls, and void when it stays fallen; its giver is told both', () => {
  expect(signOffs('fallen')).toEqual({ ceo: 'suspended' });
  expect(reasons('fallen')).toEqual(expect.arrayContaining([`MUST_UNMET ${SANDBOX}`, 'SIGN_OFF_MISSING ceo']));
  expect(signOffs('void')).toEqual({ ceo: 'void' });
  expect(walls(sent('suspended:ceo:'))).toEqual(['Fri 5 11:00 ceo']);
  expect(walls(sent('void:ceo:'))[0]).toBe('Fri 5 12:00 ceo');
  expect(walls(sent(`${SANDBOX}:fell:1:`))).toEqual(['Fri 5 11:00 corvus']);
});

test('silence decides at the deadline, opens its work and drops the other; a choice after it is refused', () => {
  expect(item('undecided', BILLING).status).not.toBe('resolved');
  expect(item('undecided', HOSTED_WORK).status).toBe('waiting');
  expect(item('decided', BILLING)).toMatchObject({ status: 'resolved' });
  expect(item('decided', HOSTED_WORK).status).toBe('open');
  expect(item('decided', OWN_WORK).status).toBe('dropped');
  expect(walls(sent(`${HOSTED_WORK}:opened`))).toEqual(['Sat 6 10:00 mensa01']);
  expect(refused).toBe('FINAL');
});

test('a date on a holiday: said before, no launch on it, and the next open window is taken by itself', () => {
  expect(signOffs('signed')).toMatchObject({ manager: 'counts', ceo: 'counts' });
  expect(seen('signed').now.reasons.map(({ code, text }) => [code, text])).toEqual([
    ['WINDOW', expect.stringMatching(/the next opens Mon \d+-11-15 09:00 America\/New_York$/)],
  ]);
  expect(seen('holiday').verdict).toMatchObject({ value: 'DELAY', reasons: [{ code: 'WINDOW' }] });
  expect(launchAt('holiday')).toBe('Mon 15 09:00');
});

test('who was told a date is told each new one; one that a person takes voids what was signed for the old', () => {
  const everyone = sent('announcement:')[0]?.to ?? [];
  expect(everyone.length).toBeGreaterThan(5);
  const told = [...sent('announcement:'), ...sent('date:')].sort((a, b) => a.at - b.at);
  expect(told.map(({ to }) => to)).toEqual(told.map(() => everyone));
  const date = (text: string) => expect.stringContaining(`-11-${text} America/New_York`) as string;
  expect(told.map(({ at: when, subject }) => [wall(when), subject])).toEqual([
    ['Wed 10 10:00', date('11 10:00')],
    ['Thu 11 10:00', date('15 09:00')],
    ['Fri 12 12:00', date('15 10:00')],
    ['Sun 14 10:00', date('15 10:00')],
    ['Mon 15 11:00', date('16 11:00')],
    ['Mon 15 11:00', date('16 11:00')],
  ]);
  expect(launchAt('moved')).toBe('Mon 15 10:00');
  expect(signOffs('moved')).toMatchObject({ manager: 'void', ceo: 'void' });
  expect(walls(sent('void:manager:'))).toEqual(['Fri 12 12:00 manager']);
});

test('a waiver that expires in the final poll: GO until then, DELAY from then on', () => {
  expect(seen('polling')).toMatchObject({ phase: 'polling', now: { verdict: 'GO', reasons: [] } });
  expect(seen('expired')).toMatchObject({ phase: 'polling', now: { verdict: 'DELAY' } });
  expect(reasons('expired')).toContain(`MUST_UNMET ${SANDBOX}`);
  expect(seen('delayed')).toMatchObject({ phase: 'delayed', verdict: { value: 'DELAY' } });
  expect(reasons('delayed')).toContain(`MUST_UNMET ${SANDBOX}`);
  expect(walls(sent(`${SANDBOX}:fell:2:`))).toEqual(['Mon 15 09:45 corvus']);
});

test('once it is resolved the next date is taken with its notice, inside a window', () => {
  expect(reasons('taken')).toEqual([]);
  expect(launchAt('taken')).toBe('Tue 16 11:00');
});

test('the clocks go back in between: standups stay where the clock on the wall has them, one a day', () => {
  const held = sent('standup:').filter(({ subject }) => subject.includes(': Standup, '));
  const days = ['Thu 4', 'Fri 5', 'Sat 6', 'Sun 7', 'Mon 8', 'Tue 9', 'Wed 10', 'Thu 11', 'Fri 12', 'Sat 13'];
  expect(held.map(({ at: when }) => wall(when))).toEqual(
    [...days, 'Sun 14', 'Mon 15', 'Tue 16'].map((day) => `${day} 08:30`)
  );
  const apart = held.slice(1).map(({ at: when }, index) => Math.round((when - held[index]!.at) / HOUR));
  expect(apart).toEqual(days.concat('', '').map((_, index) => (index === 2 ? 25 : 24)));
  // Ten is ten for a deadline, too, two days before the date that it hangs on.
  expect(walls(sent('COORD-LYRA-001:deadline:'))).toEqual(['Tue 9 10:00 manager', 'Tue 9 11:00 ceo']);
});

test('nobody is told one thing twice, and of nothing that is not so', () => {
  const keys = world.sent.flatMap(({ notice, to }) => to.map((each) => `${notice.key} ${each}`));
  expect(new Set(keys).size).toBe(keys.length);
  expect(sent('verdict:').map(({ at: when, subject }) => [wall(when), subject.split(': ')[1]])).toEqual([
    ['Thu 11 10:00', 'delayed until what stands in the way is resolved'],
    ['Mon 15 10:00', 'delayed until what stands in the way is resolved'],
    ['Tue 16 11:00', 'GO'],
  ]);
});
