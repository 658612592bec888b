import type { Locator, Page } from 'playwright-core';
import { until } from './until';

/** A machine that starts a worker anew beside a browser may take its time. */
export const PATIENCE_MS = 120_000;

export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true });
export const dialogOf = (page: Page): Locator => page.getByRole('dialog');

/** From wherever they are, over the board, to an item's page. */
export async function goTo(page: Page, title: string): Promise<void> {
  await goToPage(page, 'Board');
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  await page.getByRole('main').getByRole('link', { name: title, exact: true }).first().click();
  await page.getByRole('navigation', { name: 'Where you are' }).waitFor();
  await page.getByRole('heading', { name: 'What you may do' }).waitFor();
}

export async function goToPage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'This launch' }).getByRole('link', { name }).click();
}

/** Opens a form, fills it in, and sends it, again where nobody answers, until it is accepted. */
export async function say(page: Page, name: string, fill: (form: Locator) => Promise<void>): Promise<void> {
  await button(page, name).click();
  const form = dialogOf(page);
  await fill(form);
  await send(form);
  await form.waitFor({ state: 'detached' });
}

/** A worker that was killed answers when another one has taken its place. */
export async function send(form: Locator): Promise<void> {
  const submit = form.locator('button[type=submit]');
  await submit.click();
  await until(
    'an answer',
    async () => {
      if ((await form.count()) === 0) return true;
      if ((await form.getByRole('button', { name: 'Send it again' }).count()) > 0) await submit.click();
      return false;
    },
    PATIENCE_MS
  );
}

export async function isFocused(field: Locator): Promise<boolean> {
  return await field.evaluate((node) => node === node.ownerDocument.activeElement);
}
