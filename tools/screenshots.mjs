/**
 * Takes the pictures of docs/screenshots: the example launch with its playground, some of it mended, some of it said,
 * in a stack of its own. `npm run screenshots`, and look at them before they are committed.
 *
 *   npm run screenshots -- board     only the views whose name begins so
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'dist', 'cli', 'index.js');
const LAUNCH = 'production-launch';
const READY_WITHIN_MS = 120_000;
/** As long as the checks of the example take to look once. */
const SETTLED_MS = 15_000;

/** Of a page that is longer its beginning is pictured. */
const MOST_PIXELS_DOWN = { 1440: 1_900, 390: 2_600 };

/** What is pictured: the view, its address, and the heading that says it has come. */
const VIEWS = [
  { name: 'launches', path: '/', heading: 'Launches' },
  { name: 'board', path: `/launches/${LAUNCH}`, heading: 'Must' },
  { name: 'item', path: `/launches/${LAUNCH}/items/BLOCKER-STAGING-001` },
  { name: 'sign-off', path: `/launches/${LAUNCH}/sign-off` },
  { name: 'timeline', path: `/launches/${LAUNCH}/timeline` },
  { name: 'ledger', path: `/launches/${LAUNCH}/ledger` },
  { name: 'standups', path: `/launches/${LAUNCH}/standups` },
  { name: 'outbox', path: `/launches/${LAUNCH}/outbox` },
  { name: 'plan', path: `/launches/${LAUNCH}/plan` },
];

const LOOKS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
];

/** What people have done before the pictures are taken. */
const SAID = [
  ['playground', 'fix', 'index'],
  ['ack', LAUNCH, 'BLOCKER-STAGING-001', '--as', 'devops'],
  ['comment', LAUNCH, 'BLOCKER-STAGING-001', 'The proxy has no route to the new pods; looking.', '--as', 'devops'],
];

function launch(data, args) {
  const env = { ...process.env, LAUNCH_DATA: data };
  return spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' });
}

async function ready(child) {
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const until = Date.now() + READY_WITHIN_MS;
  while (!/^ready$/m.test(output)) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`launch up is not ready:\n${output}`);
    await delay(100);
  }
}

async function picture(browser, { url, token, only }) {
  const folder = join(root, 'docs', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const look of LOOKS) {
    const { width, height, colorScheme } = look;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${url}/#token=${token}`);
    await page.getByRole('heading', { name: 'Launches', exact: true }).waitFor();
    for (const { name, path, heading } of VIEWS.filter((view) => view.name.startsWith(only))) {
      await page.goto(url + path);
      await page.getByRole('heading', heading ? { name: heading, exact: true } : { level: 1 }).waitFor();
      await page.evaluate('document.fonts.ready');
      await page.waitForLoadState('load');
      // What is loaded for longer than a moment says so.
      await delay(1_000);
      await page.locator('.ghosts').first().waitFor({ state: 'detached' });
      const long = await page.evaluate('document.documentElement.scrollHeight');
      const clip = { x: 0, y: 0, width, height: Math.min(long, MOST_PIXELS_DOWN[width]) };
      await page.screenshot({ path: join(folder, `${name}-${look.name}.png`), fullPage: true, clip });
    }
    await context.close();
  }
}

async function personToken(url, data) {
  const operator = readFileSync(join(data, 'operator-token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${operator}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/tokens`, { method: 'POST', headers, body: '{"person":"manager"}' });
  return (await answer.json()).token;
}

async function run(only) {
  const folder = mkdtempSync(join(tmpdir(), 'launch-screenshots-'));
  const data = join(folder, 'data');
  const up = spawn(process.execPath, [cli, 'up', '--data', data, '--example', '--playground'], { cwd: root });
  const ended = new Promise((resolve) => up.on('close', resolve));
  const executablePath = process.env.LAUNCH_CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}; set LAUNCH_CHROMIUM`);
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    await ready(up);
    for (const args of SAID) {
      const { status, stderr } = launch(data, args);
      if (status !== 0) process.stderr.write(`launch ${args.join(' ')}: ${stderr}`);
    }
    await delay(SETTLED_MS);
    const { url } = JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')).gateway;
    await picture(browser, { url, token: await personToken(url, data), only });
  } finally {
    await browser.close();
    up.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

await run(process.argv[2] ?? '');
