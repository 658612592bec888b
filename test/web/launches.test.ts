import { openPage, reads, tokenFor, violationsInAllLooks } from '../support/browser';
import { webStack, type WebStack } from '../support/web-launch';

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
});
afterAll(() => web?.stop());

test('without a launch it says what would be here, and how it comes; then it comes by itself', async () => {
  const { page, errors } = await web.open('manager');
  await page.getByText('No launch yet').waitFor();
  expect(await page.getByText('launch start PLAN').isVisible()).toBe(true);
  expect(await violationsInAllLooks(page)).toEqual([]);
  await web.start('shop');
  const row = page.getByRole('row', { name: /Launch of shop/ });
  await row.waitFor();
  await page.getByText('1 running').waitFor();
  await reads(row, /not given yet3 musts open.*preparing.*running/);
  expect(await violationsInAllLooks(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('whoever may see one launch sees that one; another is as if it were not there', async () => {
  await web.start('other');
  const token = await tokenFor(web.stack, 'qa', { launches: ['other'] });
  const { page } = await openPage(web.browser, web.stack, { token });
  await page.getByRole('link', { name: 'Launch of other' }).waitFor();
  expect(await page.getByRole('link', { name: 'Launch of shop' }).count()).toBe(0);
  await page.goto('/launches/shop');
  await page.getByRole('heading', { name: /There is no launch “shop”/ }).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('a list that cannot be read says so, never that it is empty, and is read again', async () => {
  const { page } = await web.open('manager');
  await page.getByRole('link', { name: 'Launch of shop' }).waitFor();
  await page.route('**/api/launches?*', (route) => route.abort());
  await page.reload();
  const alert = page.getByRole('alert');
  await alert.waitFor();
  await reads(alert, 'The list of launches could not be loaded.');
  expect(await page.getByText('No launch yet').count()).toBe(0);
  expect(await violationsInAllLooks(page)).toEqual([]);
  await page.unroute('**/api/launches?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'Launch of shop' }).waitFor();
  await alert.waitFor({ state: 'detached' });
});

test('J and K go through the rows, Enter opens one, and the keys can be turned off', async () => {
  const { page } = await web.open('manager');
  await page.getByRole('link', { name: 'Launch of shop' }).waitFor();
  const focused = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
  await page.keyboard.press('j');
  expect(await focused()).toBe('Launch of other');
  await page.keyboard.press('j');
  expect(await focused()).toBe('Launch of shop');
  await page.keyboard.press('k');
  expect(await focused()).toBe('Launch of other');
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.getByRole('checkbox', { name: 'Use these keys' }).uncheck();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  expect(await focused()).toBe('Launch of other');
  await page.keyboard.press('j');
  expect(await focused()).toBe('Launch of other');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/launches/other');
});
