import type { Page, Route } from 'playwright-core';
import { reads, violationsInAllLooks } from '../support/browser';
import { webStack, type WebStack } from '../support/web-launch';
import { until } from '../support/until';

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
});
afterAll(() => web?.stop());

const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });
const verdict = (page: Page) => page.getByRole('status').filter({ hasText: /DELAY|GO|HELD|CANCELLED/ });

test('the sentence, who is awaited, each must with state, owner, evidence and what comes next', async () => {
  const { page, errors, elsewhere } = await web.open('manager', { path: '/launches/shop' });
  await row(page, 'Staging answers').getByText('Not met').waitFor();
  await reads(
    verdict(page),
    /^DELAY.*3 musts open, 2 sign-offs missing\. The earliest GO is still the planned instant, .+ UTC\.$/
  );
  await reads(page.getByRole('timer'), /T−4[78]:\d\d:\d\d/);
  expect(await page.title()).toBe('DELAY: Launch of shop');

  const yours = page.getByText('Waiting for you:').locator('..');
  await reads(yours, "attest 'They were read'");
  await reads(yours, 'sign off');
  expect(await yours.textContent()).not.toContain('Health');

  for (const part of ['devops', '0 of 2', 'old', 'measured', 'devops acknowledges', 'due '])
    await reads(row(page, 'Staging answers'), part);
  await reads(row(page, 'End-to-end tests pass'), /Waiting.*On STAGING.*qa.*Opens with STAGING/);
  await reads(row(page, 'Docs are read'), /Open.*manager you.*None yet/);
  await reads(row(page, 'All items resolved'), /Not met0 of 2 \(0 %\) resolved, needs/);
  await reads(row(page, 'Where traces go'), /Open.*No choice yet.*manager.*decides/);

  const names = await page
    .getByRole('table', { name: /^Musts/ })
    .getByRole('rowheader')
    .allTextContents();
  expect(names.map((name) => name.replace(/[A-Z0-9]+$/, ''))).toEqual([
    'Staging answers',
    expect.any(String),
    expect.any(String),
  ]);
  const steps = page.getByRole('region', { name: 'What would make it GO' });
  await reads(steps, /devops: make 'Health is ok' pass.*qa: attest.*manager \(you\): attest/);
  await reads(steps, /Then GO at .* UTC, if the final poll at .* finds every must still met\./);
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test('axe finds nothing, at desk and phone, in light and dark; nothing is wider than the screen', async () => {
  const { page } = await web.open('manager', { path: '/launches/shop' });
  await row(page, 'Staging answers').getByText('Not met').waitFor();
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('landmarks, one h1, a skip link first; sections are regions with names', async () => {
  const { page } = await web.open('manager', { path: '/launches/shop' });
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  for (const role of ['banner', 'main', 'complementary', 'contentinfo'] as const)
    expect(await page.getByRole(role).count()).toBe(1);
  expect(await page.getByRole('navigation', { name: 'This launch', exact: true }).count()).toBe(1);
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
});

test('what happens is seen without asking: a check that passes, a word that is said', async () => {
  const { page, errors } = await web.open('qa', { path: '/launches/shop' });
  await row(page, 'Staging answers').getByText('Not met').waitFor();
  web.staging.status = 200;
  await row(page, 'Staging answers').getByText('1 of 2').waitFor();
  await web.stack.run('attest', 'shop', 'STAGING', 'usable', '--as', 'qa');
  await row(page, 'Staging answers').getByText('Met', { exact: true }).waitFor();
  await row(page, 'End-to-end tests pass').getByText('Open', { exact: true }).waitFor();
  await page.getByText('1 of 3 met').waitFor();
  await reads(verdict(page), '2 musts open');
  web.staging.status = 502;
  await row(page, 'Staging answers').getByText('Not met').waitFor();
  await reads(row(page, 'Staging answers'), 'Reopened once');
  expect(errors).toEqual([]);
});

test('an observer sees everything and is offered nothing', async () => {
  const { page } = await web.open('qa', { kind: 'observer', path: '/launches/shop' });
  await page.getByText('You are reading as an observer.').waitFor();
  await row(page, 'Staging answers').waitFor();
  const may = page.getByRole('region', { name: 'What you may do' });
  const hold = may.getByRole('button', { name: 'Hold' });
  await reads(may, 'observer');
  expect(await hold.getAttribute('aria-disabled')).toBe('true');
  await hold.focus();
  await page.keyboard.press('Enter');
  await hold.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.getByText('Waiting for you').count()).toBe(0);
  expect(await violationsInAllLooks(page)).toEqual([]);
});

test('the operator acts as whom they choose, and as nobody until then', async () => {
  const { page } = await web.openOperator('/launches/shop');
  await page.getByText('You are the operator, and act as nobody.').waitFor();
  await page.getByLabel('Acting as').selectOption('manager');
  await page.getByText('Waiting for you:').waitFor();
  const may = page.getByRole('region', { name: 'What you may do' });
  await until(
    'it may be held',
    async () => !(await may.getByRole('button', { name: 'Hold' }).getAttribute('aria-disabled'))
  );
  await page.reload();
  await page.getByText('Waiting for you:').waitFor();
});

/** From now on the first answer to what the launch asks of `path` comes when it is let go. */
async function firstHeld(page: Page, path: string): Promise<{ asked: Promise<void>; letGo: () => void }> {
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  const asked = new Promise<void>((resolve) => {
    const hold = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      resolve();
      await gone;
      // Whoever does not want it any more has gone away.
      await route.fulfill({ response }).catch(() => undefined);
    };
    void page.route(`**/api/launches/shop/${path}`, hold, { times: 1 });
  });
  return { asked, letGo };
}

test('an answer that was asked for as nobody, and comes after somebody was chosen, is not shown', async () => {
  const { page } = await web.openOperator('/launches');
  const { asked, letGo } = await firstHeld(page, 'actions');
  await page.goto('/launches/shop');
  await asked;
  await page.getByLabel('Acting as').selectOption('manager');
  letGo();
  const may = page.getByRole('region', { name: 'What you may do' });
  await may.getByRole('button', { name: 'Hold', disabled: false }).waitFor();
});

test('what happens while the first answer is under way is asked for again', async () => {
  const { page } = await web.open('manager', { path: '/' });
  const { asked, letGo } = await firstHeld(page, 'actions');
  await page.getByRole('link', { name: 'Launch of shop' }).click();
  await asked;
  await web.stack.run('hold', 'shop', '--reason', 'for a look', '--as', 'manager');
  await verdict(page).getByText('HELD', { exact: true }).waitFor();
  letGo();
  const may = page.getByRole('region', { name: 'What you may do' });
  await may.getByRole('button', { name: 'Release', disabled: false }).waitFor();
  await web.stack.run('release', 'shop', '--reason', 'looked', '--as', 'manager');
});

test('J goes through the rows in their order, Enter opens the item, the way back leads to the board', async () => {
  const { page } = await web.open('manager', { path: '/launches/shop' });
  await row(page, 'Staging answers').waitFor();
  await page.keyboard.press('j');
  const name = await page.evaluate('document.activeElement.textContent');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/launches\/shop\/items\//);
  await until('the page has the focus', async () => (await page.evaluate('document.activeElement.id')) === 'main');
  await page.goBack();
  await page
    .getByRole('link', { name: String(name) })
    .first()
    .waitFor();
});

test('there is no such launch: it says so', async () => {
  const { page, errors } = await web.open('manager', { path: '/launches/nowhere' });
  await page.getByRole('heading', { name: /There is no launch “nowhere”/ }).waitFor();
  await page.getByRole('link', { name: 'All launches' }).click();
  await page.getByRole('heading', { name: 'Launches', exact: true }).waitFor();
  expect(errors).toEqual([]);
});

test('a launch that is over says how it ended, and asks nothing of anybody', async () => {
  await web.start('gone');
  const { page } = await web.open('manager', { path: '/launches/gone' });
  await row(page, 'Staging answers').waitFor();
  await web.stack.run('cancel', 'gone', '--reason', 'not needed any more', '--as', 'manager');
  await verdict(page).getByText('CANCELLED', { exact: true }).waitFor();
  await reads(verdict(page), /Cancelled .* UTC: manager: not needed any more\./);
  expect(await page.getByText('Waiting for you').count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'What would make it GO' }).count()).toBe(0);
  expect(await violationsInAllLooks(page)).toEqual([]);
});
