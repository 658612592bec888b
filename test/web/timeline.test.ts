import type { Page } from 'playwright-core';
import type { Board } from '../../domain/board';
import { reads, violationsInAllLooks } from '../support/browser';
import { until } from '../support/until';
import { itemOf } from '../support/test-stack';
import { webStack, type WebStack } from '../support/web-launch';

/** LATE is behind its plan as soon as it has begun; the date hangs on it and what follows. */
const PLAN = `
version: 1
id: dates
title: Launch of dates
timezone: UTC
launch:
  at: +48h
  finalPoll: 1m
  authority: { roles: [ceo, manager], quorum: all }
  milestones: [ { title: Reviewed, at: +12h, items: [LATE] } ]
people:
  - { id: ceo, name: Clara }
  - { id: manager, name: Mia }
  - { id: qa, name: Quin }
standup: { at: "09:00", days: Mon-Sun, to: [manager] }
items:
  - { id: LATE, kind: task, title: It was due, owners: [qa], planned: { to: +1s }, deadline: +24h, acceptance: [ { id: ok, title: It works, attest: { by: [qa] } } ] }
  - { id: NEXT, kind: task, title: It follows, owners: [qa], after: [LATE], deadline: +36h, acceptance: [ { id: ok, title: It works, attest: { by: [qa] } } ] }
  - { id: FREE, kind: task, title: It has no date, owners: [manager], acceptance: [ { id: ok, title: It works, attest: { by: [manager] } } ] }
gates: { must: [ { item: LATE }, { item: NEXT } ], nice: [ { item: FREE } ] }
`;

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await started(PLAN, 'dates');
});
afterAll(() => web?.stop());

async function started(plan: string, id: string): Promise<Board> {
  const { code, stderr } = await web.stack.run('start', web.stack.file(`${id}.yaml`, plan));
  if (code !== 0) throw new Error(stderr);
  return await until(`${id} on the board`, async () => {
    const board = await web.stack.board(id);
    return board.items[0] && itemOf(board, board.items[0].id).status === 'open' ? board : undefined;
  });
}

const picture = (page: Page) => page.getByRole('img', { name: /items against dates/ });
const slip = (page: Page, id: string) =>
  page.getByRole('table', { name: /^Slips/ }).getByRole('row', { name: new RegExp(`^${id}`) });
const SCROLLED = `document.querySelector('[aria-label="Timeline, scrolls sideways"]').scrollLeft`;

test('what decides the date, in one sentence; the picture in another, and its facts in tables', async () => {
  const { page, errors, elsewhere } = await web.open('manager', { path: '/launches/dates' });
  await page.getByRole('link', { name: 'Timeline' }).click();
  await slip(page, 'LATE').waitFor();
  await reads(
    page.getByRole('heading', { level: 1 }),
    /^LATE, then NEXT decide the date\. Met by their dates, they leave 11 h 5\d min before the final poll\.$/
  );
  await reads(
    picture(page).getByText(/against dates/),
    /^3 items against dates, .* UTC to .* UTC: 0 met, 1 behind the plan, 0 of 2 musts met\. The same facts are in the tables below\.$/
  );
  await reads(page.getByText(/if it were now/), /^DELAY if it were now\. Launch .* UTC$/);

  await reads(slip(page, 'LATE'), /Now open.*\+\d+.*Moves NEXT/);
  const dates = page.getByRole('table', { name: 'Dates from now on' });
  for (const text of ['Reviewed', 'LATE due', 'NEXT due', 'Standup', 'Final poll', 'Launch: GO or DELAY'])
    await dates.getByText(text).first().waitFor();

  await page.getByText('All 3 items as a table').click();
  const items = page.getByRole('table', { name: 'Items against dates' });
  await reads(items.getByRole('row', { name: /^LATE/ }), /on the critical path.*Open/);
  await reads(items.getByRole('row', { name: /^NEXT/ }), /Waiting.*Opens after LATE/);
  await reads(items.getByRole('row', { name: /^FREE/ }), /Planned to none/);

  const rows = page.getByRole('region', { name: /scrolls sideways/ }).getByRole('link');
  expect(await rows.allTextContents()).toEqual(['LATE', 'NEXT', 'Sign-offs', 'FREE']);
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test('axe finds nothing, at desk and phone, in light and dark; nothing is wider than the screen', async () => {
  const { page } = await web.open('manager', { path: '/launches/dates/timeline' });
  await picture(page).waitFor();
  await page.getByText('All 3 items as a table').click();
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('by keys: rows one after the other, and the picture sideways', async () => {
  const { page } = await web.open('manager', {
    path: '/launches/dates/timeline',
    options: { viewport: { width: 390, height: 844 } },
  });
  await picture(page).waitFor();
  const region = page.getByRole('region', { name: /scrolls sideways/ });
  const focused = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
  await page.keyboard.press('j');
  expect(await focused()).toBe('LATE');
  await page.keyboard.press('j');
  expect(await focused()).toBe('NEXT');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(/items\/LATE$/);
  await page.goBack();
  await picture(page).waitFor();
  await region.focus();
  const before = (await page.evaluate(SCROLLED)) as number;
  await page.keyboard.press('ArrowRight');
  await until('it has scrolled', async () => ((await page.evaluate(SCROLLED)) as number) !== before);
});

test('on a phone it opens with now in sight, behind labels that stay', async () => {
  const { page } = await web.open('manager', {
    path: '/launches/dates/timeline',
    options: { viewport: { width: 390, height: 844 } },
  });
  await picture(page).waitFor();
  const now = await page.getByText(/^Now \d\d:\d\d$/).boundingBox();
  const label = page.getByRole('link', { name: 'LATE' }).first();
  const before = await label.boundingBox();
  expect(now!.x).toBeGreaterThan(before!.x + before!.width);
  expect(now!.x + now!.width).toBeLessThan(390);
  await page.evaluate(`${SCROLLED} = 500`);
  await until('it has scrolled', async () => (await page.evaluate(SCROLLED)) === 500);
  expect((await label.boundingBox())!.x).toBeCloseTo(before!.x, 0);
  await slip(page, 'LATE').scrollIntoViewIfNeeded();
  await slip(page, 'LATE').getByText('Planned', { exact: false }).first().waitFor();
});

test('what happens moves it: met late, open again, and the launch date', async () => {
  const { page, errors } = await web.open('manager', { path: '/launches/dates/timeline' });
  await slip(page, 'LATE').getByRole('cell', { name: 'open', exact: true }).waitFor();
  await web.stack.run('attest', 'dates', 'LATE', 'ok', '--as', 'qa');
  await slip(page, 'LATE').getByRole('cell', { name: /^met/ }).waitFor();
  await page.getByText('1 of 2 now; the plan said').waitFor();
  await reads(page.getByRole('heading', { level: 1 }), /^NEXT decides the date\./);
  await web.stack.run('reopen', 'dates', 'LATE', '--reason', 'It broke', '--as', 'manager');
  await slip(page, 'LATE').getByRole('cell', { name: 'open again' }).waitFor();
  await page.getByText('It was 1 before.').waitFor();
  await page.getByText(/^reopened \d\d:\d\d$/).waitFor();
  await web.stack.run('reschedule', 'dates', '+72h', '--reason', 'More to test', '--as', 'manager');
  await page.getByText('Date moved once.').waitFor();
  const slips = page.getByRole('region', { name: 'Slips' });
  await reads(slips, /launch date moved once.*Launch date: .* to .*by manager: More to test/);
  expect(errors).toEqual([]);
});

test('what cannot be read says so in its place, and comes when it can', async () => {
  const { page } = await web.open('manager', { path: '/launches/dates' });
  await page.getByRole('link', { name: 'Timeline' }).waitFor();
  await page.route(/\/facts\?/, (route) => route.abort());
  await page.getByRole('link', { name: 'Timeline' }).click();
  const failed = page.getByRole('alert').filter({ hasText: 'What happened to the items could not be loaded' });
  await failed.waitFor();
  expect(await picture(page).count()).toBe(0);
  await page.unroute(/\/facts\?/);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await picture(page).waitFor();
  expect(await failed.count()).toBe(0);
});

test('three hundred items are a row each', async () => {
  const item = (n: number) =>
    `  - { id: I${n}, kind: task, title: Item ${n}, owners: [qa], deadline: +${(n % 40) + 1}h, acceptance: [ { id: ok, title: It works, attest: { by: [qa] } } ] }`;
  const items = Array.from({ length: 300 }, (_, n) => item(n)).join('\n');
  const head = PLAN.slice(0, PLAN.indexOf('items:\n  -')).replaceAll('dates', 'many').replaceAll('[LATE]', '[I0]');
  const plan = `${head}items:\n${items}\ngates: { must: [ { item: I0 }, { item: I299 } ] }\n`;
  await started(plan, 'many');
  const { page, errors } = await web.open('manager', { path: '/launches/many/timeline' });
  await picture(page).waitFor();
  const rows = page.getByRole('region', { name: /scrolls sideways/ }).getByRole('link');
  expect(await rows.count()).toBe(301);
  await page.getByRole('link', { name: 'I299', exact: true }).first().scrollIntoViewIfNeeded();
  expect(errors).toEqual([]);
});
