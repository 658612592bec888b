import { openPage, reads, tokenFor, violationsInAllLooks } from '../support/browser';
import { operatorToken } from '../support/gateway';
import { webStack, type WebStack } from '../support/web-launch';

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
});
afterAll(() => web?.stop());

test('the address that launch up prints signs in, and keeps no token', async () => {
  const { page, errors, elsewhere } = await openPage(web.browser, web.stack, { token: operatorToken(web.stack) });
  await page.getByRole('heading', { name: 'Launches', exact: true }).waitFor();
  expect(new URL(page.url()).hash).toBe('');
  await page.getByRole('link', { name: 'Launch of shop' }).click();
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie')).not.toContain(
    operatorToken(web.stack)
  );
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test('a token that is wrong is refused in words; the right one then leads to the page that was asked for', async () => {
  const { page, errors } = await openPage(web.browser, web.stack, { path: '/launches/shop', token: 'launch_wrong' });
  await reads(page.getByRole('alert'), /this token is unknown, has expired, or was revoked/);
  expect(await violationsInAllLooks(page)).toEqual([]);
  await page.getByLabel('Token').fill(await tokenFor(web.stack, 'qa'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/launches/shop');
  expect(errors).toEqual([]);
});

test('whoever is not signed in sees nothing of a launch; whoever signs out neither', async () => {
  const nobody = await openPage(web.browser, web.stack, { path: '/launches/shop' });
  await nobody.page.getByLabel('Token').waitFor();
  expect(await nobody.page.getByRole('main').textContent()).not.toMatch(/Launch of shop|STAGING/);
  const { page } = await web.open('qa', { path: '/launches/shop' });
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  await page.goto('/launches/shop');
  await page.getByLabel('Token').waitFor();
});
