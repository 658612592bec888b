import type { Page } from 'playwright-core';
import type { Seen } from '../support/browser';
import { HARD_PLAN, HEBREW, LONG_ID } from '../support/hard-plan';
import { itemOf } from '../support/test-stack';
import { until } from '../support/until';
import { webStack, type WebStack } from '../support/web-launch';

/** How it looks where people see it otherwise: at 400 %, on paper, in forced colours, with names as long as they get. */

let web: WebStack;
let manager: Seen;

const OF = '/launches/hard';
const VIEWS = ['', `/items/${LONG_ID}`, '/timeline', '/sign-off', '/standups', '/ledger', '/outbox', '/plan'];

beforeAll(async () => {
  web = await webStack();
  const { code, stderr } = await web.stack.run('start', web.stack.file('hard.yaml', HARD_PLAN('hard')));
  if (code !== 0) throw new Error(stderr);
  await until('the items', async () => itemOf(await web.stack.board('hard'), LONG_ID).status === 'open');
  manager = await web.open('manager', { path: OF });
});
afterAll(() => web?.stop());

async function come(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
  await page.locator('.ghosts').first().waitFor({ state: 'detached' });
}

/** The look of a place, or of what is drawn `before` it, as the browser has it. */
function styleOf(page: Page, place: string | { before: string }, name: string): Promise<string> {
  const [selector, pseudo] = typeof place === 'string' ? [place, ''] : [place.before, '::before'];
  const [of, drawn, what] = [selector, pseudo, name].map((each) => JSON.stringify(each));
  return page.evaluate(`getComputedStyle(document.querySelector(${of}), ${drawn})[${what}]`);
}

test.each([
  ['a desk', 1440, 900],
  ['400 % of a desk', 320, 256],
])('at %s nothing is wider than the screen, however long its words', async (...[, width, height]) => {
  const { page } = manager;
  await page.setViewportSize({ width, height });
  const wide: string[] = [];
  for (const path of ['/', ...VIEWS.map((view) => OF + view)]) {
    await come(page, path);
    const is = (await page.evaluate('document.documentElement.scrollWidth')) as number;
    if (is > width) wide.push(`${path}: ${is} px`);
  }
  expect(wide).toEqual([]);
});

test('at 400 % the bar goes away with the page, so that the page is seen', async () => {
  const { page } = manager;
  await come(page, OF);
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await styleOf(page, '.bar', 'position')).toBe('static');
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await styleOf(page, '.bar', 'position')).toBe('sticky');
});

test('a name that is written from right to left is set so, within what is not', async () => {
  const { page } = manager;
  await come(page, OF);
  const name = page.getByRole('link', { name: HEBREW }).first();
  // The question mark ends the sentence: it stands at its left.
  const mark = (await name.evaluate((node) => {
    const range = node.ownerDocument.createRange();
    const text = node.firstChild;
    const end = text?.textContent?.length ?? 0;
    if (text) range.setStart(text, end - 1);
    if (text) range.setEnd(text, end);
    return range.getBoundingClientRect().left - node.getBoundingClientRect().left;
  })) as number;
  expect(mark).toBeLessThan(2);
});

test('on paper it is light though the reader’s theme is dark; nothing is folded away, nothing is to be pressed', async () => {
  const { page } = manager;
  await come(page, `${OF}/timeline`);
  while ((await page.getByRole('button', { name: /^Theme/ }).textContent()) !== 'Theme: dark')
    await page.getByRole('button', { name: /^Theme/ }).click();
  const ink = await styleOf(page, 'h1', 'color');
  await page.emulateMedia({ media: 'print' });
  expect(await styleOf(page, 'h1', 'color')).not.toBe(ink);
  expect(await styleOf(page, 'body', 'backgroundColor')).toBe('rgb(255, 255, 255)');
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  await page.getByRole('table', { name: 'Items against dates', includeHidden: true }).waitFor({ state: 'visible' });
  expect(await page.getByRole('button').count()).toBe(0);
  const plot = (await page.locator('.gantt').evaluate((node) => node.scrollWidth <= node.clientWidth)) as boolean;
  expect(plot).toBe(true);
  await page.setViewportSize({ width: 703, height: 1000 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(703);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: /^Theme/ }).click();
});

test('in forced colours the tab that one is on, and one’s own rows, are still marked', async () => {
  const { page } = await web.open('qa', { path: OF, options: { forcedColors: 'active' } });
  await page.getByText('Waiting for you:').waitFor();
  const line = 'borderBottomColor';
  const here = await styleOf(page, '.tabs a[aria-current]', line);
  expect(await styleOf(page, '.tabs a:not([aria-current])', line)).not.toBe(here);
  const bar = await styleOf(page, { before: 'tr.act .c-state' }, 'borderInlineStartColor');
  expect(bar).not.toBe(await styleOf(page, 'body', 'backgroundColor'));
  expect(await styleOf(page, { before: 'tr.act .c-state' }, 'borderInlineStartWidth')).toBe('4px');
});

test('with reduced motion nothing moves', async () => {
  const { page } = await web.open('qa', { path: OF, options: { reducedMotion: 'reduce' } });
  await page.getByRole('heading', { name: 'Must', exact: true }).waitFor();
  const moving = await page.evaluate(
    `[...document.querySelectorAll('*')].filter((each) => {
      const { animationName, transitionDuration, transitionProperty } = getComputedStyle(each);
      return animationName !== 'none' || (transitionProperty !== 'none' && !/^0s(, 0s)*$/.test(transitionDuration));
    }).length`
  );
  expect(moving).toBe(0);
});
