import { hook, type Hook } from '../activities/notify/peers';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Notices go by the plan's channels; a worker that is killed while it sends has them sent again, with the same key. */
const PLAN = `
version: 1
id: told
title: "Told"
launch:
  at: +2d 14:00
  finalPoll: 20s
  authority: { roles: [ana] }
  announce: { lead: 1d, to: [everyone, audit] }
people: [{ id: ana, name: Ana, channels: [chat] }, { id: dev, name: Dev, channels: [chat] }]
channels:
  chat: { type: slack, url: { env: CHAT_WEBHOOK } }
  audit: { type: webhook, url: { env: AUDIT_WEBHOOK }, secret: { env: AUDIT_KEY } }
items:
  - { id: A, title: Do A, owners: [dev] }
  - { id: B, title: Do B, owners: [dev] }
gates: { must: [{ item: A }, { item: B }] }
`;

interface Listed {
  outbox: Array<{ key: string; state: string; channel: string; people: string[]; attempts: number; urgent: boolean }>;
}

let stack: TestStack;
let chat: Hook;
let audit: Hook;

beforeAll(async () => {
  [chat, audit] = [await hook(), await hook()];
  const AUDIT_KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  stack = await testStack({ CHAT_WEBHOOK: chat.url, AUDIT_WEBHOOK: audit.url, AUDIT_KEY });
});

afterAll(async () => {
  await stack.stop();
  await Promise.all([chat.close(), audit.close()]);
});

const listed = async () => (await stack.json<Listed>('outbox', 'told')).value.outbox;

test('owners are told by their channel, and the line that answers is in it', async () => {
  const { code, stderr } = await stack.run('start', stack.file('told.yaml', PLAN));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await until('both items are told', () => chat.received.length >= 2);
  expect(chat.received.map(({ body }) => body).join()).toMatch(/launch ack told A --as dev/);
  await until('they are marked', async () => (await listed()).every(({ state }) => state === 'sent'));
  expect((await stack.run('outbox')).stdout).toMatch(/^sent .*told · chat \(slack\) to dev/m);
  expect(await stack.refused('outbox', 'tolled')).toEqual({ exit: 2, code: 'NOT_FOUND' });
});

test('a plan with a channel that could not send is not started, and says why', async () => {
  const plan = PLAN.replace('id: told', 'id: mute').replace('env: CHAT_WEBHOOK', 'env: CHAT_WEBHOKO');
  const { code, stderr } = await stack.run('start', stack.file('mute.yaml', plan));
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /could not send by one channel of this plan; nothing was started:\nchannels\.chat \(slack\): .*CHAT_WEBHOKO/
  );
});

test('what is announced can be looked at before: when, to whom, and what; nothing is sent by that', async () => {
  const before = chat.received.length;
  const { stdout } = await stack.run('announce', 'told', '--preview');
  expect(stdout).toMatch(/^Due .*; it would read now:\n\nTold: launch .*\nTold is planned for .*Still open:\n- A /s);
  expect(stdout).toMatch(/^To: (audit, ana, dev|ana, dev, audit)$/m);
  const { value } = await stack.json<{ announcement: { accepted: string[] } }>('announce', 'told', '--preview');
  expect(value.announcement.accepted).toEqual([]);
  expect(await stack.refused('announce', 'told')).toEqual({ exit: 2, code: 'BAD_INPUT' });
  expect(chat.received).toHaveLength(before);
});

test('a blocker reported by a program as JSON is told to the authority by its channel', async () => {
  const report = stack.file(
    'report.json',
    '{ "title": "Carts <!channel> are lost", "owners": "dev", "priority": "P0" }'
  );
  expect((await stack.run('report-blocker', 'told', '--file', report, '--as', 'dev')).stdout).toContain('REPORTED-1');
  const told = await until('it is told', () => chat.received.find(({ body }) => body.includes('REPORTED-1')));
  expect(told.body).toContain('launch review-blocker told REPORTED-1 --accept --as ana');
  expect(told.body).not.toContain('<!channel>');
  const rejected = ['--reject', '--reason', 'known', '--as', 'ana'];
  expect((await stack.run('review-blocker', 'told', 'REPORTED-1', ...rejected)).code).toBe(0);
  expect((await stack.run('status', 'told')).stdout).toMatch(/REPORTED-1, dev: Carts <!channel> are lost \(rejected/);
});

test('a worker killed while it sends an announcement sends it again with the same key, and it counts as accepted', async () => {
  audit.answers.push(null);
  const moved = await stack.run('reschedule', 'told', '+20h', '--reason', 'sooner', '--as', 'ana');
  expect(moved.code).toBe(0);
  await until('it is in flight', () => audit.received.length === 1);
  const announced = () => chat.received.filter(({ body }) => body.includes('is planned for'));
  // A message that has gone out and is not marked yet would go out again, too.
  const unmarked = `SELECT key FROM "Delivery" WHERE "launchId" = 'told' AND "channelId" = 'chat' AND state = 'queued'`;
  await until('the others are marked', async () => announced().length > 0 && (await stack.rows(unmarked)).length === 0);
  process.kill(stack.where().worker.pid!, 'SIGKILL');
  await until('it comes again', () => audit.received.length === 2, 90_000);
  const [first, second] = audit.received.map(({ headers }) => headers['webhook-id']);
  expect(second).toBe(first);
  await until(
    'everybody has accepted it',
    async () => {
      const [{ body } = { body: undefined }] = await stack.rows<{ body: { failed: string[] } }>(
        `SELECT body FROM "Fact" WHERE "launchId" = 'told' AND type = 'announced' ORDER BY position DESC LIMIT 1`
      );
      return body?.failed.length === 0;
    },
    120_000
  );
  // What was not in flight was sent once.
  expect([announced().length, audit.received.length]).toEqual([1, 2]);
  const rows = (await listed()).filter(({ urgent, channel }) => urgent && channel === 'audit');
  expect(rows).toMatchObject([{ state: 'sent', people: ['audit'], attempts: 2 }]);
}, 240_000);
