import { existsSync, readFileSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { ask, gatewayUrl, operatorToken } from './gateway';
import { atFailure } from './last-words';
import type { TestStack } from './test-stack';
import { until } from './until';

const DEBIAN = '/usr/bin/chromium';
/** A busy machine may take its time. */
const PATIENCE_MS = 60_000;
/** Characters of a page that are printed where a test fails. */
const MOST_SHOWN = 3_000;
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The browser that the machine has; root's has no sandbox. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['LAUNCH_CHROMIUM'] ?? DEBIAN;
  if (!existsSync(executablePath))
    throw new Error(`no browser at ${executablePath}: install Debian's chromium, or set LAUNCH_CHROMIUM`);
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return await chromium.launch({ executablePath, args });
}

/** A token for somebody, made by the operator. */
export async function tokenFor(stack: TestStack, person: string, more: object = {}): Promise<string> {
  const body = { person, ...more };
  const made = await ask<{ token: string }>(`${gatewayUrl(stack)}/api/tokens`, { token: operatorToken(stack), body });
  if (made.status !== 201) throw new Error(`no token for ${person}: ${JSON.stringify(made.body)}`);
  return made.body.token;
}

/** A page that somebody sees, and what they would not see of it. */
export interface Seen {
  page: Page;
  context: BrowserContext;
  /** Errors of the page's own: exceptions, what it logs as error, what its CSP has blocked. */
  errors: string[];
  /** Addresses outside of the gateway that it asked for. */
  elsewhere: string[];
  close(): Promise<void>;
}

export interface Opening {
  token?: string;
  /** Of the page, from `/`. */
  path?: string;
  options?: BrowserContextOptions;
}

/** What every page logs where the gateway is away or says no; whoever looks is told in words. */
const EXPECTED_LOG = /Failed to load resource/;

/** Somebody opens the page in a browser of their own, as the address that `launch up` prints signs them in. */
export async function openPage(browser: Browser, stack: TestStack, opening: Opening = {}): Promise<Seen> {
  const { token, path = '/', options } = opening;
  const base = gatewayUrl(stack);
  const context = await browser.newContext({ baseURL: base, timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const forget = atFailure(() => shown(page));
  const close = async (): Promise<void> => {
    forget();
    await context.close();
  };
  const seen: Seen = { page, context, errors: [], elsewhere: [], close };
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED_LOG.test(message.text())) seen.errors.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) seen.elsewhere.push(request.url());
  });
  // Whoever went on before the answer would not be signed in.
  const answered =
    token !== undefined && page.waitForResponse((response) => new URL(response.url()).pathname === '/api/session');
  await Promise.all([answered, page.goto(token === undefined ? path : `${path}#token=${token}`)]);
  return seen;
}

/** What a reader has before them, as one line. */
async function shown(page: Page): Promise<string> {
  const text = await page.locator('body').innerText({ timeout: 1_000 });
  return `== the page ${page.url()}\n${text.replaceAll(/\s+/g, ' ').slice(0, MOST_SHOWN)}`;
}

/** A part of a page comes to read so: what is on it comes by several answers, one after the other. */
export async function reads(part: Locator, text: string | RegExp): Promise<void> {
  const fits = (is: string): boolean => (typeof text === 'string' ? is.includes(text) : text.test(is));
  const look = async (): Promise<boolean> => {
    const is = (await part.textContent({ timeout: PATIENCE_MS })) ?? '';
    if (fits(is)) return true;
    throw new Error(`it reads: ${is}`);
  };
  await until(`${String(part)} reads ${String(text)}`, look, PATIENCE_MS);
}

/** How people look at a page. */
export const LOOKS = [
  { name: 'desktop, light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'desktop, dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone, light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone, dark', width: 390, height: 844, colorScheme: 'dark' },
] as const;

interface AxeResult {
  violations: Array<{ id: string; help: string; nodes: Array<{ target: string[]; html: string }> }>;
}

/** What axe finds on the page as it is now, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // As the browser's own evaluation, which the page's CSP does not bind.
  await page.evaluate(AXE);
  const { violations: found } = (await page.evaluate('axe.run(document)')) as AxeResult;
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help} at ${target.join(' ')} (${html.slice(0, 120)})`)
  );
}

/** What axe finds on the page in every look; also where the page is wider than the screen. */
export async function violationsInAllLooks(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { name, width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
    const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
    if (wide > width) found.push(`${name}: the page is ${wide} px wide`);
  }
  await page.setViewportSize({ width: LOOKS[0].width, height: LOOKS[0].height });
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}
