import type { ItemAnswer, MeasurementsAnswer } from '../../gateway/answers';
import { reads, tokenFor, violationsInAllLooks, type Seen } from '../support/browser';
import { ask, gatewayUrl } from '../support/gateway';
import { webStack, type WebStack } from '../support/web-launch';

const PATH = '/launches/shop/items/STAGING';

let web: WebStack;
let devops: Seen;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
  devops = await web.open('devops', { path: PATH });
});
afterAll(() => web?.stop());

test('its criteria with their rules, live measurements, clocks, people and life', async () => {
  const { page, errors } = devops;
  await page.getByRole('heading', { level: 1, name: 'Staging answers' }).waitFor();
  const health = page.getByRole('article').filter({ hasText: 'Health is ok' });
  await health.getByText('Failing').waitFor();
  await reads(health, web.staging.url);
  await health.getByRole('img', { name: /Runs of “Health is ok” since .*failed; the last one failed\./ }).waitFor();
  const usable = page.getByRole('article').filter({ hasText: 'QA can use it' });
  await reads(usable, /The word of qa.*Not said yet/);
  const clocks = page.getByRole('region', { name: 'Clocks' });
  await reads(clocks, /Deadline.*left.*used/);
  const people = page.getByRole('region', { name: 'People and links' });
  await reads(people, /Held bydevops.*May attestqa.*Must: Staging answers/);
  await page.getByRole('region', { name: 'Its life' }).getByText('Opened', { exact: true }).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('what is seen next is shown by itself; all measurements have an address of their own', async () => {
  const { page } = devops;
  web.staging.status = 200;
  const health = page.getByRole('article').filter({ hasText: 'Health is ok' });
  await health.getByText('Met', { exact: true }).waitFor();
  await health.getByRole('link', { name: 'All measurements of Health is ok' }).click();
  const dialog = page.getByRole('dialog', { name: 'Measurements of “Health is ok”' });
  const rows = dialog.getByRole('row');
  await reads(rows.nth(1), 'passed');
  await reads(rows.last(), /failed.*502/);
  expect(await violationsInAllLooks(page)).toEqual([]);
  await page.reload();
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe('');
});

test('the API tells the runs of a check the newest first, page by page, and an item’s clocks', async () => {
  const token = await tokenFor(web.stack, 'devops');
  const item = `${gatewayUrl(web.stack)}/api${PATH}`;
  const read = async (query: string) =>
    (await ask<MeasurementsAnswer>(`${item}/criteria/health/measurements?${query}`, { token })).body;
  const oldest = await read('limit=1000');
  const newest = await read('order=newest&limit=2');
  expect(newest.measurements.map(({ id }) => Number(id))).toEqual(
    newest.measurements.map(({ id }) => Number(id)).sort((a, b) => b - a)
  );
  const next = await read(`order=newest&limit=1000&after=${newest.next}`);
  const all = [...newest.measurements, ...next.measurements].map(({ id }) => id).reverse();
  expect(all.slice(0, oldest.measurements.length)).toEqual(oldest.measurements.map(({ id }) => id));
  const { body } = await ask<ItemAnswer>(item, { token });
  expect(body.clocks).toMatchObject([{ clock: 'deadline', runs: true, late: false }]);
  expect(body.decision).toBeNull();
  const wrong = await ask(`${item}/criteria/health/measurements?order=sideways`, { token });
  expect([wrong.status, wrong.body.code]).toEqual([400, 'BAD_INPUT']);
});

test('what may not be said is there, can be reached, says why, and does nothing', async () => {
  const { page } = devops;
  const waive = page.getByRole('button', { name: 'Waive', exact: true });
  await waive.waitFor();
  expect(await waive.getAttribute('aria-disabled')).toBe('true');
  await waive.focus();
  expect(await waive.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
  const why = await waive.evaluate(
    (node) => node.ownerDocument.getElementById(node.getAttribute('aria-describedby') ?? '')?.textContent
  );
  expect(why).toBe('a waiver is given by one of the authority: ceo or manager');
  await page.keyboard.press('Enter');
  await waive.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a part that cannot be loaded says so alone, with its request, and is tried again', async () => {
  const { page } = await web.open('devops', { path: '/launches/shop' });
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  await page.route('**/api/launches/shop/items/STAGING', (route) =>
    route.fulfill({
      status: 404,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'NOT_FOUND', detail: 'it is gone', requestId: 'req-12345678', status: 404 }),
    })
  );
  await page.getByRole('link', { name: 'Staging answers', exact: true }).first().click();
  const alert = page.getByRole('alert').first();
  await alert.getByText('Its evidence, its clocks and what you may do could not be loaded.').waitFor();
  await reads(alert, 'req-1234');
  await page.getByRole('region', { name: 'Its life' }).getByText('Opened', { exact: true }).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
  await page.unroute('**/api/launches/shop/items/STAGING');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'What you may do' }).waitFor();
});

test('an item that the launch does not have is said not to be there', async () => {
  const { page } = await web.open('devops', { path: '/launches/shop/items/NOTHING' });
  await page.getByRole('heading', { name: 'Launch of shop has no item “NOTHING”.' }).waitFor();
});
