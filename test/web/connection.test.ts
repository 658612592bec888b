import { gatewayUrl } from '../support/gateway';
import { isRunning } from '../support/running';
import { until } from '../support/until';
import { reads, violationsInAllLooks } from '../support/browser';
import { webStack, type WebStack } from '../support/web-launch';

let web: WebStack;

beforeAll(async () => {
  web = await webStack();
  await web.start('shop');
});
afterAll(() => web?.stop());

function gatewayPid(): number {
  const pid = web.stack.where().gateway?.pid;
  if (!pid) throw new Error('no gateway');
  return pid;
}

test('one connection is enough, for as long as it has a heartbeat', async () => {
  const { page, context } = await web.open('manager', { path: '/' });
  const streams = new Set<string>();
  let pieces = 0;
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.endsWith('/events')) streams.add(requestId);
  });
  network.on('Network.dataReceived', ({ requestId }) => void (pieces += streams.has(requestId) ? 1 : 0));
  await page.getByRole('link', { name: 'Launch of shop' }).click();
  await page.getByText(/^Live/).waitFor();
  const before = pieces;
  await until('five heartbeats', () => pieces >= before + 5);
  expect(streams.size).toBe(1);
});

test('a gateway that says nothing for 10 s: the page says how old it is; when it speaks again it is live, without a reload', async () => {
  const { page, errors } = await web.open('manager', { path: '/launches/shop' });
  await page.getByText(/^Live/).waitFor();
  await page.evaluate('window.notReloaded = true');
  const pid = gatewayPid();
  process.kill(pid, 'SIGSTOP');
  try {
    const lost = page.getByRole('status').filter({ hasText: /Connection lost at \d\d:\d\d:\d\d\./ });
    await lost.waitFor();
    const banner = lost.locator('../..');
    await reads(banner, /What you see is \d+ s old\. Countdown and clocks go on; states do not\./);
    expect(await page.getByText('Live', { exact: true }).count()).toBe(0);
    expect(await page.getByRole('row', { name: /Docs are read/ }).isVisible()).toBe(true);
    expect(await violationsInAllLooks(page)).toEqual([]);
    await page.getByText(/Trying again/).waitFor();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await page.getByText(/^Live/).waitFor();
  await until('the banner has gone', async () => (await page.getByText(/Connection lost/).count()) === 0);
  expect(await page.evaluate('window.notReloaded')).toBe(true);
  expect(errors).toEqual([]);
});

test('the gateway is killed and started again: what happened meanwhile is there, without a reload', async () => {
  const { page } = await web.open('manager', { path: '/launches/shop' });
  await page.getByText(/^Live/).waitFor();
  await page.evaluate('window.notReloaded = true');
  const pid = gatewayPid();
  process.kill(pid, 'SIGKILL');
  await until('it has ended', () => !isRunning(pid));
  // The worker sees it while no page can.
  web.staging.status = 200;
  await until(
    'there is another one',
    async () => gatewayPid() !== pid && (await fetch(`${gatewayUrl(web.stack)}/healthz`)).ok
  );
  await page
    .getByRole('row', { name: /Staging answers/ })
    .getByText('1 of 2')
    .waitFor();
  await page.getByText(/^Live/).waitFor();
  expect(await page.evaluate('window.notReloaded')).toBe(true);
});

test('what failed is asked again until it comes, though nobody touches the page', async () => {
  const { page } = await web.open('qa');
  let isAway = true;
  await page.route(/\/api\/me\?launch=/, (route) => (isAway ? route.abort() : route.continue()));
  await page.getByRole('link', { name: 'Launch of shop' }).click();
  await page.getByRole('alert').getByText('The launch “shop” could not be loaded.').waitFor();
  isAway = false;
  await page.getByText(/^Live/).waitFor();
});

test('a browser that takes itself to be offline still shows what a gateway beside it says', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop' });
  await page.getByText(/^Live/).waitFor();
  await page.evaluate("window.dispatchEvent(new Event('offline'))");
  await page.getByRole('link', { name: 'Standups' }).click();
  await page.getByText('No standup was held yet').waitFor();
});

test('a session that has ended asks to sign in, and shows nothing any more', async () => {
  const { page } = await web.open('qa', { path: '/launches/shop' });
  await page.getByText(/^Live/).waitFor();
  await web.stack.rows('DELETE FROM "Session"');
  await page.getByLabel('Token').waitFor();
  expect(await page.getByRole('row').count()).toBe(0);
});
