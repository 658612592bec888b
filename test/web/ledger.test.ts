import type { Page } from 'playwright-core';
import { reads, tokenFor, violationsInAllLooks } from '../support/browser';
import { ask, gatewayUrl } from '../support/gateway';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
  await web.stack.run('comment', 'shop', 'DOCS', 'Read them twice', '--as', 'manager');
  await web.stack.run('ack', 'shop', 'STAGING', '--as', 'devops');
});
afterAll(() => web?.stop());

const entries = (page: Page) => page.getByRole('table', { name: /^Entries of the ledger/ });
const sentences = async (page: Page) =>
  (await entries(page).getByRole('row').allTextContents()).slice(1).map((text) => text.replaceAll(/\s+/g, ' '));
const shows = (page: Page, text: RegExp) => entries(page).getByText(text).first().waitFor();

test('each fact is a sentence, the newest first, with what is written on demand', async () => {
  const { page, errors, elsewhere } = await web.open('qa', { path: '/launches/shop' });
  await page.getByRole('link', { name: 'Ledger' }).click();
  await shows(page, /^manager on DOCS: Read them twice/);
  await shows(page, /devops acknowledged STAGING/);
  await shows(page, /started the launch\./);
  const all = await sentences(page);
  expect(all.findIndex((text) => /devops acknowledged/.test(text))).toBeLessThan(
    all.findIndex((text) => /manager on DOCS/.test(text))
  );
  expect(all.at(-1)).toMatch(/started the launch\./);

  const comment = entries(page).getByRole('row', { name: /Read them twice/ });
  await comment.getByRole('button', { name: /^As written entry \d+/ }).click();
  const written = JSON.parse((await comment.getByRole('region').textContent())!) as { type: string; body: object };
  expect(written).toMatchObject({ type: 'commented', item: 'DOCS', body: { by: 'manager', text: 'Read them twice' } });
  await comment.getByRole('button', { name: /^Hide what is written/ }).click();
  expect(await comment.getByRole('region').count()).toBe(0);
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test('the mark: verified up to its last entry, vouched for from outside, with the head to copy', async () => {
  const { page, context } = await web.open('qa', { path: '/launches/shop/ledger' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const chain = page.getByRole('region', { name: 'Whether it is as it was written' });
  await chain.getByText('As it was written', { exact: true }).waitFor();
  await reads(chain, /Verifiedup to entry \d+, .* ago.*the one that the running launch vouches for/);
  await page.getByRole('heading', { level: 1, name: /as it was written/ }).waitFor();
  await chain.getByRole('button', { name: 'Copy the head' }).click();
  await chain.getByText('Copied.').waitFor();
  const head = (await page.evaluate('navigator.clipboard.readText()')) as string;
  expect(head).toMatch(/^\d+:[0-9a-f]{64}$/);
  const { code, stdout } = await web.stack.run('ledger', 'verify', 'shop', '--expect', head, '--database-only');
  expect([code, stdout]).toEqual([0, expect.stringContaining('each as it was written')]);
});

test('by kind, item and person; the choice is in the address', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop/ledger' });
  await shows(page, /started the launch/);
  await page.getByLabel('Kind').selectOption({ label: 'Commented' });
  await until('comments alone', async () => (await sentences(page)).every((text) => /Read them twice/.test(text)));
  expect(new URL(page.url()).search).toBe('?type=commented');
  await page.getByLabel('Kind').selectOption('');
  await page.getByLabel('Person').selectOption('devops');
  await until('of devops alone', async () => {
    const all = await sentences(page);
    return all.length > 0 && all.every((text) => /devops/.test(text));
  });
  await page.getByLabel('Item').selectOption('DOCS');
  await page.getByText('No entry is of this kind.').waitFor();
  await page.reload();
  await page.getByText('No entry is of this kind.').waitFor();
  expect(await page.getByLabel('Item').inputValue()).toBe('DOCS');
  await page.getByRole('button', { name: 'Show all' }).click();
  await shows(page, /started the launch/);
});

test('what happens comes by itself, and older ones a page at a time', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop/ledger' });
  await shows(page, /started the launch/);
  const token = await tokenFor(web.stack, 'manager');
  const url = `${gatewayUrl(web.stack)}/api/launches/shop/items/DOCS/commands`;
  for (let said = 0; said < 100; said++) {
    const { status } = await ask(url, { token, body: { type: 'comment', text: `Said ${said}` } });
    expect(status).toBe(200);
  }
  await shows(page, /manager on DOCS: Said 99\./);
  await page.reload();
  await shows(page, /manager on DOCS: Said 99\./);
  expect((await sentences(page)).length).toBe(100);
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await shows(page, /started the launch/);
  const all = await sentences(page);
  expect(new Set(all).size).toBe(all.length);
});

test('an entry that was changed behind it is named, whoever looks', async () => {
  await web.start('altered');
  const [fact] = await until('its first fact', async () => {
    const rows = await web.stack.rows<{ number: number }>(
      `UPDATE "Fact" SET "body" = jsonb_set("body", '{by}', '"nobody"') WHERE "launchId" = 'altered' AND "type" = 'started'
       RETURNING "number"`
    );
    return rows.length > 0 ? rows : undefined;
  });
  const { page } = await web.open('qa', { path: '/launches/altered/ledger', kind: 'observer' });
  const alert = page.getByRole('alert').filter({ hasText: 'The ledger is not as it was written' });
  await alert.getByText(`entry ${fact!.number} (started) was changed`).waitFor();
  await page.getByText('Not as it was written', { exact: true }).waitFor();
  await reads(page.getByRole('heading', { level: 1 }), /It is not as it was written/);
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('what cannot be read says so in its place', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop' });
  await page.getByRole('link', { name: 'Ledger' }).waitFor();
  await page.route(/\/facts\?/, (route) => route.abort());
  await page.getByRole('link', { name: 'Ledger' }).click();
  const failed = page.getByRole('alert').filter({ hasText: 'The entries could not be loaded' });
  await failed.waitFor();
  expect(await page.getByText('Nothing is written yet').count()).toBe(0);
  await page.unroute(/\/facts\?/);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await shows(page, /manager on DOCS/);
});

test('axe finds nothing, at desk and phone, in light and dark; nothing is wider than the screen', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop/ledger' });
  await shows(page, /manager on DOCS/);
  await page
    .getByRole('button', { name: /^As written entry \d+/ })
    .first()
    .click();
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('by keys: entry after entry, and what is written of one', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop/ledger' });
  await shows(page, /manager on DOCS/);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await entries(page).getByRole('row').nth(2).getByRole('region').waitFor();
});
