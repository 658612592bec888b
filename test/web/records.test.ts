import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { reads, violationsInAllLooks } from '../support/browser';
import { itemOf } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

/** Its messages to qa go to a place that does not take them yet. */
const PLAN = (id: string, url: string, more = '') => `
version: 1
id: ${id}
title: Launch of ${id}
timezone: UTC
launch: { at: +48h, finalPoll: 1m, authority: { roles: [manager], quorum: all } }
people:
  - { id: manager, name: Mia }
  - { id: qa, name: Quin, channels: [hook] }
channels:
  hook: { type: webhook, url: "${url}" }
items:
  - { id: ONE, kind: task, title: Do it, owners: [qa], acceptance: [ { id: ok, title: It works, attest: { by: [qa] } } ] }
${more}gates: { must: [ { item: ONE } ] }
`;
const MORE = `  - { id: TWO, kind: task, title: Do that too, owners: [manager], acceptance: [ { id: ok, title: It works, attest: { by: [manager] } } ] }
`;

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await started('calm');
});
afterAll(() => web?.stop());

async function started(id: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await web.stack.run(
    'start',
    web.stack.file(`${id}.yaml`, PLAN(id, web.staging.url)),
    ...args
  );
  if (code !== 0) throw new Error(stderr);
  await until(`${id} on the board`, async () => itemOf(await web.stack.board(id), 'ONE').status === 'open');
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

describe('standups', () => {
  const STANDUP = 'standup: { at: "09:00", days: Mon-Sun, to: [manager] }\n';

  test('none yet says so, and when the first one is', async () => {
    const { page, errors } = await web.open('manager', { path: '/launches/calm' });
    await page.getByRole('link', { name: 'Standups' }).click();
    await page.getByText(/No standup was held yet/).waitFor();
    await reads(heading(page), /^Standups\. The plan has none\.$/);
    expect(await violationsInAllLooks(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('each as it was sent, the newest first, as they come', async () => {
    const plan = PLAN('daily', web.staging.url).replace('items:', `${STANDUP}items:`);
    const { code } = await web.stack.run('start', web.stack.file('daily.yaml', plan), '--speed', '8640');
    expect(code).toBe(0);
    const { page, errors } = await web.open('manager', { path: '/launches/daily/standups' });
    const held = page.getByRole('heading', { level: 2, name: /^Standup, / });
    await until('two of them', async () => (await held.count()) >= 2);
    const first = page.getByRole('region', { name: /^Standup, / }).first();
    await first
      .getByText(/items resolved, 1 open/)
      .first()
      .waitFor();
    await reads(heading(page), /^Standups\. (The next standup is .* UTC|There will be no more)/);
    const times = await page.evaluate(`[...document.querySelectorAll('h2 time')].map((each) => each.dateTime)`);
    expect(times).toEqual((times as string[]).toSorted().toReversed());
    await page.getByText('What was sent').first().click();
    expect(await violationsInAllLooks(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe('the outbox', () => {
  test('what waits, how often it was tried, what went wrong, when it is tried next; then sent', async () => {
    const { page, errors } = await web.open('manager', { path: '/launches/calm' });
    await page.getByRole('link', { name: 'Outbox' }).click();
    const messages = page.getByRole('table', { name: /^Messages/ });
    const ofQa = messages.getByRole('row', { name: /qa.*hook/ }).first();
    await ofQa.getByText('Tried again').waitFor();
    await reads(ofQa, /about ONE.*by hook \(webhook\).*Tries [1-9].*next .*502/);
    await reads(heading(page), /^Outbox\. \d+ messages? (is|are) not sent yet/);
    await page.getByRole('button', { name: /^Not sent yet/ }).click();
    expect(new URL(page.url()).search).toBe('?show=waiting');
    await ofQa.getByRole('button', { name: /^The text of/ }).click();
    await ofQa.getByRole('region', { name: /^Text of/ }).waitFor();
    await page.getByRole('button', { name: /^Given up/ }).click();
    await page.getByText('Nothing was given up.').waitFor();
    web.staging.status = 200;
    await page.getByRole('button', { name: /^All \d/ }).click();
    // Between two tries there is ever more time.
    await ofQa.getByText('Sent', { exact: true }).waitFor({ timeout: 150_000 });
    expect(await violationsInAllLooks(page)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('what cannot be read says so in its place', async () => {
    const { page } = await web.open('manager', { path: '/launches/calm' });
    await page.getByRole('link', { name: 'Outbox' }).waitFor();
    await page.route(/\/outbox\?/, (route) => route.abort());
    await page.getByRole('link', { name: 'Outbox' }).click();
    const failed = page.getByRole('alert').filter({ hasText: 'The outbox could not be loaded' });
    await failed.waitFor();
    expect(await page.getByText(/Nobody was told anything/).count()).toBe(0);
    await page.unroute(/\/outbox\?/);
    await failed.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: /^Messages/ }).waitFor();
  });
});

describe('the plan', () => {
  test('as it is kept; what an amendment has changed, by whom and why; each revision by its address', async () => {
    const { page, errors } = await web.open('manager', { path: '/launches/calm' });
    await page.getByRole('link', { name: /^Plan/ }).click();
    await page.getByRole('heading', { name: 'Plan, revision 1, which the launch runs.' }).waitFor();
    const items = page.getByRole('table', { name: 'Items of the plan' });
    await reads(items.getByRole('row', { name: /^ONE/ }), /Do it.*must.*qa.*It works/);
    const amended = web.stack.file('amended.yaml', PLAN('calm', web.staging.url, MORE).replace('Do it', 'Do it well'));
    const { code, stderr } = await web.stack.run(
      'amend',
      'calm',
      amended,
      '--reason',
      'TWO was forgotten',
      '--as',
      'manager'
    );
    expect([code, stderr]).toEqual([0, expect.any(String)]);

    await page.getByRole('heading', { name: 'Plan, revision 2, which the launch runs.' }).waitFor();
    const revisions = page.getByRole('region', { name: 'Revisions' });
    const second = revisions.getByRole('listitem').filter({ hasText: 'TWO was forgotten' });
    await reads(second, /^Revision 2: Amended, by manager/);
    await second.getByText('New: TWO').waitFor();
    expect(await second.getByRole('listitem').allTextContents()).toEqual(
      expect.arrayContaining(['+New: TWO', expect.stringMatching(/^~Changed: ONE/)])
    );
    await items.getByRole('row', { name: /^TWO/ }).waitFor();

    await revisions.getByRole('button', { name: 'Revision 1' }).click();
    await page.getByRole('heading', { name: 'Plan, revision 1. The launch runs revision 2.' }).waitFor();
    await until('TWO is not in it', async () => (await items.getByRole('row', { name: /^TWO/ }).count()) === 0);
    await page.reload();
    await page.getByRole('heading', { name: /^Plan, revision 1\./ }).waitFor();
    await page.getByText('The whole of revision 1, with line numbers').click();
    const kept = page.getByRole('region', { name: 'Revision 1, line by line' });
    await reads(kept, '"title": "Launch of calm"');
    expect(await violationsInAllLooks(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show the one that runs' }).click();
    await page.getByRole('heading', { name: /^Plan, revision 2/ }).waitFor();
    expect(errors).toEqual([]);
  });
});

test('a launch that is over, and that Temporal has forgotten, is read all the same', async () => {
  await started('past');
  await web.stack.run('attest', 'past', 'ONE', 'ok', '--as', 'qa');
  expect((await web.stack.run('cancel', 'past', '--reason', 'over', '--as', 'manager')).code).toBe(0);
  await until('its board to be kept', async () => {
    const kept = await web.stack.rows<{ ended: boolean }>(
      `SELECT "board"->'ended' <> 'null' AS "ended" FROM "KeptBoard" WHERE "launchId" = 'past'`
    );
    return kept[0]?.ended;
  });
  await until('its end to be written', async () => {
    const ended = `SELECT FROM "Fact" WHERE "launchId" = 'past' AND "type" = 'ended' AND "itemId" IS NULL`;
    return (await web.stack.rows(ended)).length > 0;
  });
  const { address, cli, namespace } = web.stack.where().temporal;
  for (const id of ['launch:past', 'launch:past:item:ONE', 'launch:past:standup'])
    spawnSync(cli!, ['workflow', 'delete', '--address', address, '--namespace', namespace, '--workflow-id', id]);
  await until('Temporal to forget it', async () => (await web.stack.run('status', 'past')).code !== 0);

  const { page, errors } = await web.open('manager', { path: '/launches/past/timeline' });
  await page.getByRole('img', { name: /1 items? against dates/ }).waitFor();
  await reads(heading(page), /^CANCELLED: cancelled .*: over\.$/);
  await page.getByText(/^Ended \d\d:\d\d$/).waitFor();
  await page.getByText('No date is left.').waitFor();
  await page.getByRole('link', { name: 'Ledger' }).click();
  const entries = page.getByRole('table', { name: /^Entries/ });
  await entries.waitFor();
  expect((await entries.getByRole('row').allTextContents()).join('\n')).toContain(
    'The launch is cancelled: manager: over'
  );
  await page.getByText('As it was written', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Standups' }).click();
  await page.getByText(/No standup was held yet/).waitFor();
  await page.getByRole('link', { name: 'Outbox' }).click();
  await page.getByRole('table', { name: /^Messages/ }).waitFor();
  await page.getByRole('link', { name: /^Plan/ }).click();
  await page.getByRole('table', { name: 'Items of the plan' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(errors).toEqual([]);
});
