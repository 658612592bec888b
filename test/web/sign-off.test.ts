import type { Locator, Page } from 'playwright-core';
import type { Board } from '../../domain/board';
import { reads, violationsInAllLooks, type Seen } from '../support/browser';
import { untilWritten } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

const PATH = '/launches/shop/sign-off';

let web: WebStack;
let manager: Seen;
let ceo: Seen;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
  manager = await web.open('manager', { path: PATH });
  ceo = await web.open('ceo', { path: PATH });
});
afterAll(() => web?.stop());

const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });
const boxOf = ({ page }: Seen): Locator => page.getByRole('group', { name: /^Your answer/ }).first();
const choice = (box: Locator, name: RegExp): Locator => box.getByRole('radio', { name });

async function shownDigest({ page }: Seen): Promise<string> {
  const row = page.getByRole('definition').filter({ hasText: 'SHA-256 over' });
  return /[0-9a-f]{64}/.exec(((await row.textContent()) ?? '').replaceAll(' ', ''))?.[0] ?? '';
}

async function describedBy(control: Locator): Promise<string> {
  return (await control.evaluate((node) => {
    const id = node.getAttribute('aria-describedby') ?? '';
    return node.ownerDocument.getElementById(id)?.textContent ?? '';
  })) as string;
}

const signOffs = async (): Promise<Board['signOffs']> => (await web.stack.board('shop')).signOffs;

test('exactly what is signed: revision, date, musts with what they rest on, conditions, the digest in eights', async () => {
  const { page, errors } = ceo;
  await page.getByRole('heading', { name: 'Sign off: Launch of shop' }).waitFor();
  const board = await web.stack.board('shop');
  await until('its digest', async () => (await shownDigest(ceo)) === (await web.stack.board('shop')).digest);
  for (const part of ['accepting its 1 condition', 'revision 1', board.launchAt.slice(0, 4)])
    await reads(page.getByText('I say that'), part);
  const musts = page.getByRole('table', { name: 'Musts, and what they rest on' });
  expect(await musts.getByRole('row').count()).toBe(1 + board.gates.must.length);
  await musts.getByRole('row', { name: /Staging answers.*expected 2/ }).waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('nothing is preselected; the button says what comes first, and does nothing before', async () => {
  const box = boxOf(ceo);
  expect(await box.getByRole('radio', { checked: true }).count()).toBe(0);
  const sign = button(box, 'Sign off: GO');
  expect([await sign.getAttribute('aria-disabled'), await describedBy(sign)]).toEqual([
    'true',
    'Choose your answer first.',
  ]);
  await choice(box, /^GO/).check();
  expect(await box.getByRole('checkbox', { checked: true }).count()).toBe(0);
  expect(await describedBy(sign)).toBe('Accept the first condition first.');
  await sign.focus();
  await ceo.page.keyboard.press('Enter');
  await sign.click({ force: true });
  expect(await signOffs()).toEqual([]);
});

test('what changes while somebody reads clears their answer and keeps their note', async () => {
  const box = boxOf(ceo);
  await box.getByLabel('Note', { exact: true }).fill('As planned.');
  await box.getByRole('checkbox').first().check();
  const before = await shownDigest(ceo);
  expect((await web.stack.run('attest', 'shop', 'DOCS', '--as', 'manager')).code).toBe(0);
  await box.getByRole('alert').getByText('What you would sign has changed since you chose.').waitFor();
  expect(await shownDigest(ceo)).not.toBe(before);
  expect(await box.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await box.getByLabel('Note', { exact: true }).inputValue()).toBe('As planned.');
});

test('a signature is of the digest that was shown; the next to sign sees that it is the same', async () => {
  const box = boxOf(ceo);
  await choice(box, /^GO/).check();
  await box.getByRole('checkbox').first().check();
  const digest = await shownDigest(ceo);
  await button(box, 'Sign off: GO').click();
  await box.getByText(/ceo has signed off; still awaited: manager/).waitFor();
  const [signed] = await untilWritten(web.stack, 'shop', 'signedOff');
  expect(signed).toMatchObject({ digest, why: 'As planned.' });
  expect(signed?.['accepts']).toHaveLength(1);
  await manager.page.getByText('The same that ceo signed').waitFor();
  const table = manager.page.getByRole('table', { name: 'Sign-offs so far' });
  await reads(table.getByRole('row', { name: /ceo/ }), /GO.*As planned\..*Stands/);
});

test('what has changed since somebody signed last is listed, and the digests are no longer called the same', async () => {
  const reopened = await web.stack.run(
    'reopen',
    'shop',
    'DOCS',
    '--reason',
    'two pages are missing',
    '--as',
    'manager'
  );
  expect(reopened.code).toBe(0);
  const since = ceo.page.getByRole('region', { name: 'Since you signed last' });
  await since.getByText('DOCS: by manager: two pages are missing').waitFor();
  await since.getByText('What is signed is not the same any more.').waitFor();
  await manager.page.getByText('The same that ceo signed').waitFor({ state: 'detached' });
  await ceo.page.getByRole('table', { name: 'Sign-offs so far' }).getByText('Suspended').waitFor();
});

test('a no needs its reason, is told what it does, and can be withdrawn', async () => {
  const box = boxOf(manager);
  await choice(box, /^NO-GO/).check();
  await reads(box, 'It cannot go until you withdraw it');
  const say = button(box, 'Say NO-GO');
  expect(await describedBy(say)).toBe('Say first why.');
  await box.getByLabel('Reason', { exact: true }).fill('The legal text is missing.');
  await say.click();
  await box.getByText('manager says no: the launch cannot go until manager withdraws it').waitFor();
  expect((await signOffs()).find(({ by }) => by === 'manager')).toMatchObject({
    answer: 'no',
    reason: 'The legal text is missing.',
  });
  await choice(box, /^Withdraw/).check();
  await button(box, 'Withdraw').click();
  await box.getByText('manager has withdrawn the answer').waitFor();
  expect((await signOffs()).map(({ by }) => by)).toEqual(['ceo']);
});

test('whoever is not of the authority reads it all, and is told why they cannot answer', async () => {
  const qa = await web.open('qa', { path: PATH });
  const sign = button(boxOf(qa), 'Sign off');
  await sign.waitFor();
  await until('why', async () => /for the authority/.test(await describedBy(sign)));
  await sign.focus();
  expect(await sign.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
  expect(await violationsInAllLooks(qa.page)).toEqual([]);
});
