import type { Page } from 'playwright-core';
import { reads, violationsInAllLooks } from '../support/browser';
import { itemOf } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

/** What the page says of launches that are held, put off, over, or on their way after GO. */

let web: WebStack;
/** Long enough for two words and two signatures on a machine that is busy. */
const SOON = '+25s';

const plan = (id: string, at: string, url: string): string => `
version: 1
id: ${id}
title: Launch of ${id}
timezone: UTC
launch:
  at: ${at}
  finalPoll: 1s
  authority: { roles: [ceo, manager], quorum: all }
  postLaunch:
    watch: 4h
    criteria: [ { id: errors, title: Errors are few, check: { type: http, url: "${url}" }, every: 1s } ]
  rollback: [ Point the domain back ]
people: [ { id: ceo }, { id: manager }, { id: qa } ]
items:
  - { id: A, title: It was tried, owners: [qa], acceptance: [ { id: one, title: Alike, attest: { by: [manager] } } ] }
  - { id: B, title: It was read, owners: [qa], acceptance: [ { id: one, title: Alike, attest: { by: [manager] } } ] }
gates: { must: [ { item: A }, { item: B } ] }
`;

async function start(id: string, at: string): Promise<void> {
  const { code, stderr } = await web.stack.run('start', web.stack.file(`${id}.yaml`, plan(id, at, web.staging.url)));
  if (code !== 0) throw new Error(stderr);
  await until(`${id} on the board`, async () => itemOf(await web.stack.board(id), 'A').status === 'open');
}

async function say(...words: string[]): Promise<void> {
  const { code, stderr } = await web.stack.run(...words);
  if (code !== 0) throw new Error(stderr);
}

async function open(id: string): Promise<Page> {
  const { page } = await web.open('manager', { path: `/launches/${id}` });
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  return page;
}

const verdict = (page: Page) => page.getByRole('status').filter({ has: page.locator('.call') });
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

beforeAll(async () => {
  web = await webStack();
});
afterAll(() => web?.stop());

test('HELD is what it is, not what the verdict would be; the way to release it is a link', async () => {
  await start('held', '+48h');
  await say('hold', 'held', '--reason', 'the bank is silent', '--as', 'manager');
  const page = await open('held');
  await verdict(page).getByText('HELD', { exact: true }).waitFor();
  await reads(heading(page), /The launch is$/);
  const yours = page.getByText('Waiting for you:').locator('..');
  const asked = "attest 'Alike' of It was tried, attest 'Alike' of It was read";
  await reads(yours, asked);
  await yours.getByRole('link', { name: /^release the hold/ }).click();
  expect(new URL(page.url()).hash).toBe('#may');
  await page.getByRole('button', { name: 'Release', exact: true }).waitFor();
  await page.goto('/');
  const row = page.getByRole('row', { name: /Launch of held/ });
  await reads(row, /not given yet.*held.*running/);
});

test('after DELAY no date is said that is past', async () => {
  await start('late', '+3s');
  const page = await open('late');
  await page.getByRole('heading', { level: 1, name: /The verdict is/ }).waitFor();
  await reads(verdict(page), /^DELAYDecided .*; now: 2 musts open/);
  const steps = page.getByRole('region', { name: 'What would make it GO' });
  await reads(steps, /Then the launch takes the next possible date, at least 1 s later\.$/);
});

test('cancelled: the list says that there is no verdict, not that it is to come', async () => {
  await start('gone', '+48h');
  await say('cancel', 'gone', '--reason', 'next year', '--as', 'manager');
  const { page } = await web.open('manager', { path: '/' });
  const row = page.getByRole('row', { name: /Launch of gone/ });
  await reads(row, /none.*over/);
  expect(await row.textContent()).not.toContain('not given yet');
});

test('after GO: what is watched and fails, apart from its state, in the plan’s time, with the way back', async () => {
  await start('out', SOON);
  for (const item of ['A', 'B']) await say('attest', 'out', item, '--as', 'manager');
  for (const by of ['ceo', 'manager']) await say('sign-off', 'out', '--as', by);
  const page = await open('out');
  const after = page.getByRole('region', { name: 'After the verdict' });
  await after.getByText('The way back, as the plan has it').waitFor();
  await reads(after, /Not met Errors are few.*answered 502.*\(\w{3} \d+ \w{3}, \d\d:\d\d\)/);
  await reads(after, 'Point the domain back');
  expect(await after.textContent()).not.toMatch(/\d{4}-\d\d-\d\dT/);
  await reads(heading(page), /The verdict is$/);
  await reads(verdict(page), /^GOLaunched, .*of what is watched since, 1 fails\.$/);
  await page.getByRole('heading', { name: 'What is wanted now' }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('link', { name: 'What is wanted now', exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'What would make it GO' }).count()).toBe(0);
  // What may be done comes by itself, after the board.
  await page.getByRole('link', { name: 'See the sign-off' }).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
});
