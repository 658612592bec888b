import { createHash } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { button, dialogOf, goTo, goToPage, isFocused, PATIENCE_MS, say, send } from '../support/by-hand';
import { reads, tokenFor, violationsInAllLooks, type Seen } from '../support/browser';
import { ask, gatewayUrl, type ProblemBody } from '../support/gateway';
import { STAGING, STORY_ID, STORY_PLAN } from '../support/story-plan';
import { factsOf, gapsInFacts, itemOf } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

/**
 * The story of the production launch: an owner, the manager and the chief, each in a browser of their own, by clicks and
 * keys alone, from DELAY to GO, while the gateway and the worker are killed in the middle.
 */
const ID = STORY_ID;
const OF = `/launches/${ID}`;

let web: WebStack;
let owner: Page;
let manager: Page;
let chief: Page;
const all: Seen[] = [];

async function enter(person: string, kind = 'person'): Promise<Page> {
  const seen = await web.open(person, { path: OF, kind });
  seen.page.setDefaultTimeout(PATIENCE_MS);
  all.push(seen);
  await seen.page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  return seen.page;
}

beforeAll(async () => {
  web = await webStack();
  const { code, stderr } = await web.stack.run('start', web.stack.file('plan.yaml', STORY_PLAN(web.staging.url)));
  if (code !== 0) throw new Error(stderr);
  await until('the items', async () => itemOf(await web.stack.board(ID), STAGING).status === 'open');
  owner = await enter('devops');
  manager = await enter('manager');
  chief = await enter('chief');
});

afterAll(() => web?.stop());

const verdictOf = (page: Page): Locator => page.getByRole('status').filter({ has: page.locator('.call') });

test('it is DELAY, and says what would make it GO and whom it waits for', async () => {
  await verdictOf(chief).getByText('DELAY', { exact: true }).waitFor();
  await owner.getByText('Waiting for you:').waitFor();
  await reads(owner.getByRole('row', { name: /Staging works/ }), 'devops');
  await reads(chief.getByRole('region', { name: 'What would make it GO' }), 'devops');
});

test('the owner acknowledges by keys alone; the manager’s page shows it without being asked', async () => {
  await goTo(manager, 'Staging works');
  await manager.getByRole('heading', { level: 1, name: 'Staging answers 502' }).waitFor();
  await owner.keyboard.press('j');
  await until('the row of staging', async () => {
    const focused = (await owner.evaluate('document.activeElement.textContent')) as string;
    if (focused === 'Staging works') return true;
    await owner.keyboard.press('j');
    return false;
  });
  await owner.keyboard.press('Enter');
  await button(owner, 'Acknowledge').waitFor();
  await button(owner, 'Acknowledge').focus();
  await owner.keyboard.press('Enter');
  const note = dialogOf(owner).getByLabel('Note', { exact: true });
  await note.waitFor();
  for (let pressed = 0; !(await isFocused(note)); pressed++) {
    expect(pressed).toBeLessThan(10);
    await owner.keyboard.press('Tab');
  }
  await owner.keyboard.type('Two of three machines lost the secret.');
  await owner.keyboard.press('Tab');
  await owner.keyboard.press('Enter');
  await dialogOf(owner).waitFor({ state: 'detached' });
  await owner.getByText(`${STAGING} is acknowledged`, { exact: true }).waitFor();
  await manager.getByRole('region', { name: 'Its life' }).getByText('by devops: Two of three machines').waitFor();
});

test('staging is mended: its check is met on every page by itself; the owner’s word with a file resolves it', async () => {
  web.staging.status = 200;
  const health = manager.getByRole('article').filter({ hasText: 'Its health checks are green' });
  await health.getByText('Met', { exact: true }).waitFor();
  await health.getByRole('img', { name: /Runs of “Its health checks are green”.*the last one passed/ }).waitFor();
  const log = Buffer.from('deployed 41\n');
  await say(owner, 'Attest', async (form) => {
    await form.getByLabel('Note', { exact: true }).fill('Signed in, the dashboard opens.');
    await form.getByLabel('Link', { exact: true }).fill('https://ci.example.com/41');
    await form
      .getByLabel('File', { exact: true })
      .setInputFiles({ name: 'deploy-41.log', mimeType: 'text/plain', buffer: log });
    await form.getByText('deploy-41.log').waitFor();
  });
  await manager.getByRole('status').filter({ hasText: /^Met/ }).waitFor();
  const evidence = manager.getByRole('region', { name: 'Evidence' });
  await evidence.getByText('“Signed in, the dashboard opens.”').waitFor();
  const sha256 = createHash('sha256').update(log).digest('hex');
  expect((await evidence.textContent())?.replaceAll(' ', '')).toContain(sha256);
});

test('the chief decides with the consequences in sight; why is in the record', async () => {
  await goTo(chief, 'Set Langfuse up as decided');
  await chief.getByRole('link', { name: 'BLOCKER-LANGFUSE-001' }).first().click();
  await chief.getByRole('heading', { level: 1, name: 'Where Langfuse runs' }).waitFor();
  await say(chief, 'Decide', async (form) => {
    await reads(form, 'Traces leave the house');
    expect(await form.getByRole('radio', { checked: true }).count()).toBe(0);
    await form.getByRole('radio', { name: /Langfuse Cloud/ }).check();
    await form.getByLabel('Why', { exact: true }).fill('Nobody has to run it.');
  });
  const record = chief.getByRole('region', { name: 'The decision' });
  await record.getByText('Nobody has to run it.').waitFor();
  await goTo(owner, 'Set Langfuse up as decided');
  await button(owner, 'Acknowledge').waitFor();
});

/** How often the ledger has an attestation with this note, once it has one: it is written behind what happens. */
async function timesSaid(note: string): Promise<number> {
  const isIt = ({ evidence }: { evidence?: { note?: string } }): boolean => evidence?.note === note;
  return await until(
    `“${note}” in the ledger`,
    async () => (await factsOf(web.stack, ID, 'attested')).filter(isIt).length || undefined
  );
}

test('the gateway is killed while the manager answers: the answer is taken once, and every page goes on by itself', async () => {
  await goTo(manager, 'Image search is complete');
  await button(manager, 'Attest').click();
  await dialogOf(manager).getByLabel('Note', { exact: true }).fill('Gone through, criterion by criterion.');
  const { pid } = web.stack.where().gateway ?? {};
  if (!pid) throw new Error('no gateway');
  process.kill(pid, 'SIGKILL');
  await send(dialogOf(manager));
  await dialogOf(manager).waitFor({ state: 'detached' });
  await manager.getByText('“Gone through, criterion by criterion.”').first().waitFor();
  expect(await timesSaid('Gone through, criterion by criterion.')).toBe(1);
  await until('another gateway', () => ![undefined, null, pid].includes(web.stack.where().gateway?.pid));
  for (const page of [owner, manager, chief]) await page.getByText(/^Live/).waitFor();
});

test('staging falls after it was resolved: open again everywhere, until a run by hand sees it mended', async () => {
  await goTo(owner, 'Staging works');
  web.staging.status = 502;
  await owner.getByText('Open again, reopened once').waitFor();
  await goTo(manager, 'Staging works');
  await manager.getByText('Open again, reopened once').waitFor();
  web.staging.status = 200;
  await button(owner, 'Verify now').click();
  await owner.getByRole('status').filter({ hasText: /^Met/ }).waitFor();
  await manager.getByRole('status').filter({ hasText: /^Met/ }).waitFor();
});

test('the worker is killed while the owner answers: the answer is taken once, by the next one', async () => {
  await goTo(owner, 'Tests from end to end pass');
  await button(owner, 'Attest').waitFor();
  const { pid } = web.stack.where().worker;
  if (!pid) throw new Error('no worker');
  await button(owner, 'Attest').click();
  await dialogOf(owner).getByLabel('Note', { exact: true }).fill('All journeys pass.');
  process.kill(pid, 'SIGKILL');
  await send(dialogOf(owner));
  await dialogOf(owner).waitFor({ state: 'detached' });
  await owner.getByText('“All journeys pass.”').first().waitFor();
  expect(await timesSaid('All journeys pass.')).toBe(1);
});

test('a blocker is reported by the template and rejected with a reason; the launch is held and released', async () => {
  await goToPage(owner, 'Board');
  await say(owner, 'Report blocker', async (form) => {
    await form.getByLabel('What is blocked').fill('Checkout loses carts');
    await form.getByLabel('Impact', { exact: true }).fill('Orders are lost.');
    await form.getByRole('radio', { name: 'P0' }).check();
    await form.getByLabel('It is resolved when').fill('One order goes through\nA second does too');
  });
  await goToPage(manager, 'Board');
  await manager.getByText('Checkout loses carts').first().waitFor();
  await say(manager, 'Review reports', async (form) => {
    await reads(form, 'One order goes through; A second does too');
    await form.getByRole('radio', { name: /Reject/ }).check();
    await form.getByLabel('Reason', { exact: true }).fill('Known, and harmless.');
  });
  await goToPage(chief, 'Board');
  await say(chief, 'Hold', (form) => form.getByLabel('Reason', { exact: true }).fill('The provider is down.'));
  await verdictOf(owner).getByText('HELD', { exact: true }).waitFor();
  await say(manager, 'Release', (form) => form.getByLabel('Reason', { exact: true }).fill('It is back.'));
  await verdictOf(owner).getByText('DELAY', { exact: true }).waitFor();
});

/** A minute of the clock that leaves time for what has to be said before it. */
const MINUTE = 60_000;
const SAID_WITHIN_MS = 100_000;
/** Until the instant, and for a busy machine to come to its verdict. */
const DECIDED_WITHIN_MS = SAID_WITHIN_MS + MINUTE + 120_000;

test('user testing is waived; the date is moved, and what moves with it is shown before', async () => {
  await goTo(manager, 'User testing is complete');
  await say(manager, 'Waive', async (form) => {
    await form.getByLabel('Reason', { exact: true }).fill('The pilot has tested sign-in.');
    await form.getByLabel('Risk', { exact: true }).fill('Support gets more questions.');
    await form
      .getByLabel('Until', { exact: true })
      .fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16));
  });
  await manager.getByText('Waived', { exact: true }).first().waitFor();
  const at = new Date(Math.ceil((Date.now() + SAID_WITHIN_MS) / MINUTE) * MINUTE);
  await goToPage(manager, 'Board');
  await say(manager, 'Move the date', async (form) => {
    await form.getByLabel('New launch date').fill(at.toISOString().slice(0, 16));
    await form.getByLabel('Reason', { exact: true }).fill('All is answered.');
    const moves = form.getByRole('table', { name: 'What moves with the launch' });
    await moves.getByRole('row', { name: /Staging answers 502 *Deadline/ }).waitFor();
    await form.getByText('No sign-off is given that could become void.').waitFor();
  });
  expect((await web.stack.board(ID)).launchAt).toBe(at.toISOString());
});

async function signs(page: Page, fill: (form: Locator) => Promise<void>): Promise<void> {
  const box = page.getByRole('group', { name: /^Your answer/ }).first();
  await box.getByRole('radio', { name: /^GO/ }).waitFor();
  expect(await box.getByRole('radio', { checked: true }).count()).toBe(0);
  await box.getByRole('radio', { name: /^GO/ }).check();
  await fill(box);
  await button(box, 'Sign off: GO').click();
  await box.getByText(/has signed off/).waitFor();
}

test('an observer sees all of it and may say nothing, neither in the page nor by the API', async () => {
  const observer = await enter('auditor', 'observer');
  await observer.getByText('You are reading as an observer.').waitFor();
  await goToPage(observer, 'Sign-off');
  const refused = observer.getByRole('group', { name: 'Your answer' }).getByRole('button', { name: 'Sign off' });
  await refused.waitFor();
  expect(await refused.getAttribute('aria-disabled')).toBe('true');
  await refused.focus();
  await observer.keyboard.press('Enter');
  await goTo(observer, 'Staging works');
  const may = observer.getByRole('region', { name: 'What you may do' });
  await may.getByRole('button').first().waitFor();
  expect(await may.locator('button:not([aria-disabled=true])').count()).toBe(0);
  await reads(may, /observer/);
  const token = await tokenFor(web.stack, 'auditor', { kind: 'observer' });
  const url = `${gatewayUrl(web.stack)}/api${OF}`;
  const body = { type: 'comment', text: 'hello' };
  const said = await ask<ProblemBody>(`${url}/items/${STAGING}/commands`, { token, body });
  expect([said.status, said.body.code]).toEqual([403, 'OBSERVER_MAY_NOT']);
  const signed = await ask<ProblemBody>(`${url}/commands`, { token, body: { type: 'signOff', answer: 'yes' } });
  expect([signed.status, signed.body.code]).toEqual([403, 'OBSERVER_MAY_NOT']);
  expect((await web.stack.board(ID)).signOffs).toEqual([]);
});

test(
  'the manager and the chief sign the same, each condition accepted by hand; GO at its instant on every page',
  async () => {
    await goToPage(manager, 'Sign-off');
    await signs(manager, async (box) => {
      expect(await button(box, 'Sign off: GO').getAttribute('aria-disabled')).toBe('true');
      await box.getByRole('checkbox').first().check();
    });
    await goToPage(chief, 'Sign-off');
    await chief.getByText('The same that manager signed').waitFor();
    await signs(chief, async (box) => {
      await box.getByRole('checkbox').first().check();
      await box.getByLabel('Note', { exact: true }).fill('Go.');
    });
    await goToPage(manager, 'Board');
    await goToPage(chief, 'Board');
    await goToPage(owner, 'Board');
    for (const page of [owner, manager, chief]) {
      await page
        .getByRole('heading', { level: 1, name: /The verdict is|It is over/ })
        .waitFor({ timeout: DECIDED_WITHIN_MS });
      await verdictOf(page).getByText('GO', { exact: true }).waitFor();
    }
    const board = await web.stack.board(ID);
    expect(board.verdict).toMatchObject({ value: 'GO', reasons: [] });
    expect(board.verdict.conditions.map(({ code }) => code)).toContain('WAIVER');
    expect(Date.parse(board.verdict.at ?? '')).toBeGreaterThanOrEqual(Date.parse(board.launchAt));
  },
  2 * DECIDED_WITHIN_MS
);

test('nothing was lost or said twice, no page has logged an error or asked anybody but the gateway', async () => {
  await until('it is over', async () => (await web.stack.board(ID)).phase === 'launched');
  const once = ['held', 'released', 'rescheduled', 'blockerReported', 'blockerReviewed', 'waiverGiven', 'chose'];
  // The ledger is written behind what happens.
  const counted = await until('all of it in the ledger', async () => {
    const found = await web.stack.rows<{ type: string; n: number }>(
      `SELECT type, count(*)::int AS n FROM "Fact" WHERE "launchId" = $1 AND type = ANY($2) GROUP BY type`,
      [ID, ['signedOff', 'launched', ...once]]
    );
    return found.length === once.length + 2 ? found : undefined;
  });
  const expected = { signedOff: 2, launched: 1, ...Object.fromEntries(once.map((type) => [type, 1])) };
  expect(Object.fromEntries(counted.map(({ type, n }) => [type, n]))).toEqual(expected);
  expect(await gapsInFacts(web.stack, ID)).toEqual([]);
  expect(all.flatMap(({ errors }) => errors)).toEqual([]);
  expect(all.flatMap(({ elsewhere }) => elsewhere)).toEqual([]);
  expect(await violationsInAllLooks(chief)).toEqual([]);
});
