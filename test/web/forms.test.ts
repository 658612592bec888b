import type { Locator, Page, Route } from 'playwright-core';
import { ITEM_COMMANDS, LAUNCH_COMMANDS } from '../../domain/commands';
import { reads, violationsInAllLooks, type Seen } from '../support/browser';
import { factsOf, itemOf, untilWritten } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

const LAUNCH = '/launches/shop';
const COMMANDS = '**/api/launches/shop/**/commands';

let web: WebStack;
let manager: Seen;

beforeAll(async () => {
  web = await webStack();
  web.staging.status = 200;
  await web.start('shop');
  manager = await web.open('manager', { path: `${LAUNCH}/items/DOCS` });
});
afterAll(() => web?.stop());

const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });

const facts = (type: string) => factsOf(web.stack, 'shop', type);
const written = (type: string) => untilWritten(web.stack, 'shop', type);
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);

test('a refusal stays beside its button, in words, with its code; nothing that was typed is lost', async () => {
  const { page } = manager;
  await button(page, 'Waive').click();
  const form = page.getByRole('dialog');
  await button(form, 'Waive').click();
  await form.getByRole('alert').getByText('Say first why.').waitFor();
  await form.getByLabel('Reason', { exact: true }).fill('The docs are short.');
  await form.getByLabel('Risk', { exact: true }).fill('Questions to support.');
  await form.getByLabel('Until', { exact: true }).fill(day(1));
  await button(form, 'Waive').click();
  const alert = form.getByRole('alert');
  await alert.getByText('EXPIRES_TOO_SOON').waitFor();
  await reads(alert, /Not done: a waiver must last beyond the launch.*Nothing has changed\./);
  expect(await violationsInAllLooks(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  await button(page, 'Waive').click();
  expect(await form.getByLabel('Reason', { exact: true }).inputValue()).toBe('The docs are short.');
  await form.getByLabel('Until', { exact: true }).fill(day(9));
  await button(form, 'Waive').click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('status').filter({ hasText: 'DOCS is waived' }).waitFor();
  expect(await written('waiverGiven')).toMatchObject([
    { reason: 'The docs are short.', risk: 'Questions to support.' },
  ]);
});

test('nothing is shown as done before the answer; the button says since when it is asked', async () => {
  const { page } = manager;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(COMMANDS, async (route) => {
    await held;
    await route.continue();
  });
  await button(page, 'Retract').click();
  const form = page.getByRole('dialog');
  await button(form, 'Retract').click();
  const busy = form.locator('button[aria-busy=true]');
  await busy.getByText(/^Retracting, \d+ s$/).waitFor();
  await busy.click({ force: true });
  expect(
    await page
      .getByRole('status')
      .filter({ hasText: /^Waived/ })
      .count()
  ).toBe(1);
  expect(await facts('retracted')).toEqual([]);
  release();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('status').filter({ hasText: /^Open/ }).waitFor();
  await page.unroute(COMMANDS);
  expect(await written('retracted')).toHaveLength(1);
});

test('a connection that is lost on the way: it is not known whether it arrived; the same again is done once', async () => {
  const { page } = manager;
  const keys: string[] = [];
  const lose = async (route: Route): Promise<void> => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    // It arrives; its answer does not.
    await route.fetch();
    await route.abort('connectionreset');
  };
  await page.route(COMMANDS, lose);
  await page.getByLabel('Your comment').fill('Page 3 is missing.');
  await button(page, 'Add comment').click();
  const alert = page.getByRole('alert');
  await alert.getByText('No answer: The gateway does not answer.').waitFor();
  await reads(alert, /not known whether it was done; the same again is not done twice/);
  expect(await page.getByLabel('Your comment').inputValue()).toBe('Page 3 is missing.');
  await page.unroute(COMMANDS);
  page.on('request', (request) => {
    if (request.url().endsWith('/commands')) keys.push(request.headers()['idempotency-key'] ?? '');
  });
  await button(page, 'Send it again').click();
  await page.getByText('noted beside DOCS').waitFor();
  await page.getByRole('region', { name: 'Comments' }).getByText('Page 3 is missing.').waitFor();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(keys).size).toBe(1);
  expect(await written('commented')).toMatchObject([{ text: 'Page 3 is missing.' }]);
});

test('assign, resolve, reopen and verify now', async () => {
  const { page } = manager;
  const form = page.getByRole('dialog');
  await button(page, 'Assign').click();
  expect(await form.getByRole('checkbox', { checked: true }).count()).toBe(1);
  await form.getByRole('checkbox', { name: 'qa' }).check();
  await button(form, 'Assign').click();
  await page.getByText('DOCS is owned by manager, qa').waitFor();
  await button(page, 'Resolve').click();
  await form.getByText('They were read').waitFor();
  await form.getByLabel('Note', { exact: true }).fill('Read them all.');
  await button(form, 'Resolve').click();
  await page.getByText('DOCS is resolved', { exact: true }).waitFor();
  await button(page, 'Reopen').click();
  await form.getByLabel('Reason', { exact: true }).fill('One was not read.');
  await button(form, 'Reopen').click();
  await page
    .getByText(/^Open again, reopened/)
    .first()
    .waitFor();
  expect(itemOf(await web.stack.board('shop'), 'DOCS').status).toBe('open');
  const { page: other } = await web.open('devops', { path: `${LAUNCH}/items/STAGING` });
  await button(other, 'Verify now').click();
  await other
    .getByRole('status')
    .filter({ hasText: /^health: passed/ })
    .waitFor();
});

test('a decision: its options with what follows, nothing preselected, and why', async () => {
  const { page } = await web.open('manager', { path: `${LAUNCH}/items/TRACING` });
  await button(page, 'Decide').click();
  const form = page.getByRole('dialog');
  expect(await form.getByRole('radio').count()).toBe(2);
  expect(await form.getByRole('radio', { checked: true }).count()).toBe(0);
  await button(form, 'Decide').click();
  await form.getByRole('alert').getByText('Choose first one of the options.').waitFor();
  await form.getByRole('radio', { name: /Self-hosted/ }).check();
  await form.getByLabel('Why', { exact: true }).fill('Traces stay here.');
  expect(await violationsInAllLooks(page)).toEqual([]);
  await button(form, 'Decide').click();
  const record = page.getByRole('region', { name: 'The decision' });
  await record.getByText('Traces stay here.').waitFor();
});

test('what moves with the date is shown before it is said', async () => {
  const { page } = await web.open('manager', { path: LAUNCH });
  await button(page, 'Move the date').click();
  const form = page.getByRole('dialog');
  await form.getByLabel('New launch date').fill(day(4));
  const moves = form.getByRole('table', { name: 'What moves with the launch' });
  await moves.getByRole('row', { name: /Final poll begins/ }).waitFor();
  await form.getByText(/^It would launch .* later\.$/).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
  await button(form, 'Move the date').click();
  await form.getByRole('alert').getByText('Say first why.').waitFor();
  await form.getByLabel('Reason', { exact: true }).fill('After the holidays.');
  await button(form, 'Move the date').click();
  await page.getByText(/shop launches on .*sign-offs are wanted anew/).waitFor();
  expect(await written('rescheduled')).toMatchObject([{ reason: 'After the holidays.' }]);
});

test('everything that a person may say has its button, but for the plan itself, which is a document', async () => {
  const { page } = await web.open('manager', { path: LAUNCH });
  await page.getByRole('heading', { name: 'What you may do' }).waitFor();
  const may = page.getByRole('region', { name: 'What you may do' });
  await button(may, 'Hold').waitFor();
  const launchNames = {
    signOff: 'Sign off',
    hold: 'Hold',
    reschedule: 'Move the date',
    reportBlocker: 'Report blocker',
    cancel: 'Cancel the launch',
  };
  for (const name of Object.values(launchNames))
    expect(await may.getByText(name, { exact: true }).count()).toBeGreaterThan(0);
  // Shown where there is something to release, to review, to try again; each is said elsewhere in these tests.
  const onOccasion = ['release', 'reviewBlocker', 'retryActions', 'amend'];
  expect([...Object.keys(launchNames), ...onOccasion].sort()).toEqual([...LAUNCH_COMMANDS].sort());
  const itemNames = {
    acknowledge: ['STAGING', 'Acknowledge'],
    attest: ['STAGING', 'Attest'],
    retract: ['STAGING', 'Retract'],
    resolve: ['STAGING', 'Resolve'],
    decide: ['TRACING', 'Decide'],
    waive: ['STAGING', 'Waive'],
    reopen: ['STAGING', 'Reopen'],
    assign: ['STAGING', 'Assign'],
    comment: ['STAGING', 'Add comment'],
    verifyNow: ['STAGING', 'Verify now'],
  };
  expect(Object.keys(itemNames).sort()).toEqual([...ITEM_COMMANDS].sort());
  for (const [item, name] of Object.values(itemNames)) {
    if (!page.url().endsWith(item!)) await page.goto(`${LAUNCH}/items/${item}`);
    await button(page, name!).waitFor();
  }
});

test('a launch is cancelled with a reason, and takes no more answers', async () => {
  const { page } = await web.open('manager', { path: LAUNCH });
  await button(page, 'Cancel the launch').click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Reason', { exact: true }).fill('Another way was found.');
  await button(form, 'Cancel the launch').click();
  await page.getByText('CANCELLED', { exact: true }).waitFor();
  await until('nothing more to say', async () => (await button(page, 'Hold').getAttribute('aria-disabled')) === 'true');
  expect(await violationsInAllLooks(page)).toEqual([]);
});
