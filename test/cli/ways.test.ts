import { writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { launch, wordsOf, type Ran } from '../support/cli';
import { gatewayUrl, operatorToken } from '../support/gateway';
import { itemOf, target, testStack, type Failed, type Target, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** What a command says to a launch goes by the gateway, or past it with `--direct`; which way nobody can tell by its answer. */
const PLAN = (id: string, url: string) => `
version: 1
id: ${id}
title: Two ways
timezone: UTC
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana, carl], quorum: all } }
people: [{ id: ana, name: Ana }, { id: carl, name: Carl }, { id: dev, name: Dev }, { id: qa, name: QA }, { id: bot, name: Bot }]
items:
  - { id: SEEN, title: It was seen, owners: [dev], acceptance: [{ id: seen, title: QA has, attest: { by: [qa] } }] }
  - { id: DONE, title: Done, owners: [dev, bot] }
  - { id: RISK, title: Risky, owners: [dev], acceptance: [{ id: low, title: It is low, attest: { by: [qa] } }] }
  - { id: UP, title: Up, owners: [dev], acceptance: [{ id: up, title: It answers, check: { type: http, url: "${url}/", expect: { status: 200 } }, every: 1h }] }
  - { id: DOWN, title: Down, owners: [dev], acceptance: [{ id: down, title: It answers, check: { type: http, url: "${url}/", expect: { status: 418 } }, every: 1h }] }
  - { id: WHERE, kind: decision, title: Where, owners: [ana], options: [{ id: here, title: Here }, { id: there, title: There }] }
gates: { must: [{ item: SEEN }, { item: DONE }, { item: RISK }] }
`;

/** One after the other; what the second time is refused is refused by both ways. */
const LINES = [
  'start PLAN --as ana',
  'ack ID DONE --as dev',
  'ack ID DONE --as DEV --note "again"',
  'ack ID done --as nobody',
  'ack ID DNE --as dev',
  'ack ID "no such item" --as dev',
  'ack IT DONE --as dev',
  'ack "not an id" DONE --as dev',
  'comment ID DONE "Grüße, 世界" --as dev',
  'comment ID DONE "" --as dev',
  'comment ID DONE again --as "Ana Maria Ö"',
  'attest ID SEEN seen --note "14:02" --link https://ci.example.com/7 --as qa',
  'attest ID SEEN seen --as dev',
  'attest ID SEEN nothing --as qa',
  'attest ID SEEN --link nowhere --as qa',
  'retract ID SEEN --as qa',
  'resolve ID DONE --note "it works" --as dev',
  'resolve ID DOWN --as dev',
  'reopen ID DONE --reason "not quite" --as qa',
  'assign ID DONE bot --as ana',
  'assign ID DONE whoever --as ana',
  'decide ID WHERE here --why "it is near" --as ana',
  'decide ID WHERE nowhere --as ana',
  'waive ID RISK low --reason "small" --risk "some" --until T+7d --as ana',
  'waive ID RISK low --reason "small" --risk "some" --until T-7d --as ana',
  'waive ID RISK low --reason "small" --risk "some" --until someday --as ana',
  'verify ID UP --as dev',
  'verify ID DOWN down --as dev',
  'verify ID --all --as ana',
  'verify ID DONE --as dev',
  'sign-off ID --as ana',
  'sign-off ID --no --why "not yet" --as carl',
  'sign-off ID --withdraw --as carl',
  'sign-off ID --seen 0000 --as ana',
  'sign-off ID --as dev',
  'hold ID --reason "wait" --as dev',
  'release ID --as dev',
  'release ID --reason "on" --as ana',
  'reschedule ID T+1d --reason "one more day" --as ana',
  'reschedule ID T-30d --reason "too early" --as ana',
  'reschedule ID never --reason "x" --as ana',
  'report-blocker ID "Carts are lost" --priority P0 --owner qa --deadline +4h --as dev',
  'report-blocker ID "Late" --deadline "T-900d" --as dev',
  'report-blocker ID "Whose" --owner whoever --as dev',
  'review-blocker ID REPORTED-1 --accept --gate should --as ana',
  'review-blocker ID REPORTED-9 --reject --reason "none" --as ana',
  'amend ID PLAN --reason "nothing" --as ana',
  'amend ID AMENDED --reason "another title" --as ana',
  'amend ID AMENDED --reason "another title" --as dev',
  'retry-actions ID --as ana',
  'cancel ID --reason "enough" --as dev',
  'cancel ID --reason "enough" --as ana',
  'comment ID DONE "too late" --as dev',
  'start PLAN --launch-at "2020-01-01 10:00" --as ana',
  'start PLAN --speed 2 --trial --as ana --key once',
  'start PLAN --speed 2 --trial --as ana --key once',
  'start PLAN --as ana --key other',
];

let stack: TestStack;
let site: Target;
let files: { [word: string]: { [id: string]: string } };

async function started(id: string): Promise<void> {
  const { code, stderr } = await stack.run('start', stack.file(`${id}.yaml`, PLAN(id, site.url)));
  if (code !== 0) throw new Error(stderr);
  // Nothing of a check is left to come in between.
  await until(`the items of ${id}`, async () => {
    const board = await stack.board(id);
    const isOpen = board.items.every((each) => each.status === (each.id === 'UP' ? 'resolved' : 'open'));
    return board.items.length === 6 && isOpen && itemOf(board, 'DOWN').criteria[0]?.state === 'unmet';
  });
}

beforeAll(async () => {
  site = await target(200);
  stack = await testStack();
  await Promise.all(['way-one', 'way-two', 'talk'].map(started));
  const amended = (id: string) =>
    stack.file(`${id}-2.yaml`, PLAN(id, site.url).replace('title: Down', 'title: Is down'));
  const each = (name: (id: string) => string) => ({ 'way-one': name('way-one'), 'way-two': name('way-two') });
  files = { PLAN: each((id) => join(stack.folder, `${id}.yaml`)), AMENDED: each(amended) };
}, 180_000);

afterAll(async () => {
  await stack.stop();
  await site.close();
});

/** Without what two launches and two moments differ in. */
function plain(text: string): string {
  return text
    .replace(/way-(one|two)(-2)?/g, 'ID')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, 'WHEN')
    .replace(/\b[0-9a-f]{8,64}\b/g, 'DIGEST')
    .replace(/"(begunAt|at|tookMs|notBefore)": [^,\n]+/g, '"$1": N')
    .replace(/\bin \d+ (d|h|min|s)( \d+ (h|min|s))?\b/g, 'in TIME')
    .replace(/\d+(\.\d+)? m?s\b/g, 'TOOK');
}

async function answer(line: string, id: string, more: readonly string[]) {
  const words = wordsOf(line).map((word) => (word === 'ID' ? id : (files[word]?.[id] ?? word)));
  const { code, stdout, stderr } = await stack.run(...words, ...more);
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

test('every command says the same, exits alike and prints the same object by both ways', async () => {
  for (const [n, line] of LINES.entries()) {
    // For a person and for a program in turn: a process for each takes most of the time.
    const json = n % 2 === 0 ? [] : ['--json'];
    const [byGateway, direct] = await Promise.all([
      answer(line, 'way-one', json),
      answer(line, 'way-two', [...json, '--direct']),
    ]);
    expect({ line, ...byGateway }).toEqual({ line, ...direct });
    expect(byGateway.stdout + byGateway.stderr).not.toBe('');
  }
}, 600_000);

test('the ledger has who came by the gateway as its operator, and who did not', async () => {
  const via = await until('the facts', async () => {
    const rows = await stack.rows<{ launch: string; via: string | null }>(
      `SELECT "launchId" AS "launch", "body"->>'via' AS "via" FROM "Fact" WHERE "type" = 'rescheduled' AND "seq" IS NOT NULL`
    );
    return rows.length >= 2 ? rows : undefined;
  });
  const of = (id: string) => [...new Set(via.filter(({ launch }) => launch === id).map((each) => each.via))];
  expect([of('way-one'), of('way-two')]).toEqual([['operator'], [null]]);
});

const say = (args: string[], env: { [name: string]: string } = {}): Promise<Ran> =>
  launch(['comment', 'talk', 'DONE', ...args], { LAUNCH_DATA: stack.data, ...env });

async function comments(): Promise<Array<{ by: string; text: string }>> {
  const { value } = await stack.json<{ comments: Array<{ by: string; text: string }> }>('status', 'talk', 'DONE');
  return value.comments;
}

function failed({ code, stdout }: Ran): { exit: number | null } & Failed['error'] {
  return { exit: code, ...(JSON.parse(stdout) as Failed).error };
}

async function tokenOf(person: string, ...more: string[]): Promise<string> {
  return (await stack.json<{ token: string }>('token', 'create', person, ...more)).value.token;
}

describe('a token of their own', () => {
  test('says who acts, by a variable or by a file; --as may only say the same', async () => {
    const token = await tokenOf('qa');
    const file = join(stack.folder, 'token');
    writeFileSync(file, `${token}\n`);
    expect((await say(['by variable'], { LAUNCH_TOKEN: token })).code).toBe(0);
    expect((await say(['by file', '--token-file', file, '--as', 'QA'])).code).toBe(0);
    expect((await say(['by file again'], { LAUNCH_TOKEN_FILE: file })).code).toBe(0);
    const asOther = failed(await say(['as dev', '--as', 'dev', '--json'], { LAUNCH_TOKEN: token }));
    expect(asOther).toMatchObject({ exit: 1, code: 'ACT_AS_REFUSED' });
    expect((await comments()).filter(({ by }) => by === 'qa').map(({ text }) => text)).toEqual([
      'by variable',
      'by file',
      'by file again',
    ]);
  });

  test('needs nothing of Temporal, the database or the stack but the address of the gateway', async () => {
    const env = { LAUNCH_TOKEN: await tokenOf('ana'), LAUNCH_GATEWAY: gatewayUrl(stack), LAUNCH_DATA: stack.folder };
    expect((await say(['from far away'], env)).code).toBe(0);
    const moved = await launch(['reschedule', 'talk', 'T+1h', '--reason', 'later'], env);
    expect([moved.code, moved.stderr]).toEqual([0, '']);
    expect((await launch(['verify', 'talk', 'UP'], env)).code).toBe(0);
  });

  test("an agent's does an agent's work, an observer's none", async () => {
    const [agent, observer] = await Promise.all([
      tokenOf('bot', '--kind', 'agent'),
      tokenOf('ana', '--kind', 'observer'),
    ]);
    const tell = (args: string[], token: string) =>
      launch([...args, '--json'], { LAUNCH_DATA: stack.data, LAUNCH_TOKEN: token });
    expect((await tell(['ack', 'talk', 'DONE'], agent)).code).toBe(0);
    expect(failed(await tell(['hold', 'talk', '--reason', 'x'], agent))).toMatchObject({
      exit: 1,
      code: 'AGENT_MAY_NOT',
    });
    expect(failed(await tell(['ack', 'talk', 'DONE'], observer))).toMatchObject({ exit: 1, code: 'OBSERVER_MAY_NOT' });
  });

  test('starts no launch: that is for the operator, or for whoever reaches Temporal', async () => {
    const env = { LAUNCH_DATA: stack.data, LAUNCH_TOKEN: await tokenOf('ana') };
    const file = stack.file('other.yaml', PLAN('other', site.url));
    const refused = failed(await launch(['start', file, '--json'], env));
    expect(refused).toMatchObject({ exit: 1, code: 'OPERATOR_ONLY', message: expect.stringContaining('--direct') });
    expect((await launch(['start', file, '--direct', '--as', 'ana'], env)).code).toBe(0);
  });

  test('that is none is never repeated, nor given to another address than its own', async () => {
    const wrong = await say(['x', '--json'], { LAUNCH_TOKEN: 'launch_secret with a space' });
    expect(failed(wrong)).toMatchObject({ exit: 2, code: 'BAD_INPUT' });
    expect(wrong.stdout + wrong.stderr).not.toContain('launch_secret');
    expect(failed(await say(['x', '--json'], { LAUNCH_TOKEN: 'launch_unknown' }))).toMatchObject({
      exit: 1,
      code: 'UNAUTHENTICATED',
    });
    const withName = await say(['x', '--json', '--as', 'qa', '--gateway', 'http://qa:hidden@127.0.0.1:1']);
    expect(failed(withName)).toMatchObject({ exit: 2, code: 'BAD_INPUT' });
    expect(withName.stdout + withName.stderr).not.toContain('hidden');
    // The operator's token is for the gateway of its own folder.
    const elsewhere = failed(await say(['x', '--json', '--as', 'qa', '--gateway', 'http://127.0.0.1:1']));
    expect(elsewhere).toMatchObject({ exit: 2, code: 'BAD_INPUT' });
    expect(elsewhere.message).toContain('LAUNCH_TOKEN');
  });
});

describe('where the gateway is not', () => {
  test('known, the three ways out are named; another Temporal than the one of the stack is not taken for it', async () => {
    const elsewhere: Array<{ [name: string]: string }> = [
      { LAUNCH_DATA: stack.folder },
      { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    ];
    for (const env of elsewhere) {
      const told = failed(await say(['x', '--json', '--as', 'qa'], env));
      expect(told).toMatchObject({ exit: 3, code: 'UNREACHABLE' });
      for (const way of ['--gateway', 'launch up', 'launch gateway', '--direct']) expect(told.message).toContain(way);
    }
    const { address } = stack.where().temporal;
    expect((await say(['the same Temporal', '--as', 'qa'], { TEMPORAL_ADDRESS: address })).code).toBe(0);
  });

  test('there, the way past it is named, and that one works', async () => {
    const env = { LAUNCH_GATEWAY: 'http://127.0.0.1:1', LAUNCH_TOKEN: operatorToken(stack) };
    const told = failed(await say(['unheard', '--json', '--as', 'qa'], env));
    expect(told).toMatchObject({ exit: 3, code: 'UNREACHABLE' });
    expect(told.message).toContain('--direct');
    expect((await say(['straight', '--direct', '--as', 'qa'], env)).code).toBe(0);
    expect((await comments()).map(({ text }) => text)).not.toContain('unheard');
  });
});

/** Passes everything on to the gateway, and hangs up before the answer to the first thing that is said. */
async function hangingUp(url: string): Promise<{ server: Server; url: string; heard(): number }> {
  const { hostname, port } = new URL(url);
  let heard = 0;
  const server = createServer((client) => {
    const gateway = connect(Number(port), hostname);
    let isSaying = false;
    client.on('data', (chunk) => {
      isSaying ||= chunk.toString('latin1').startsWith('POST ');
      if (isSaying && chunk.toString('latin1').startsWith('POST ')) heard++;
      gateway.write(chunk);
    });
    gateway.on('data', (chunk) => (isSaying && heard === 1 ? client.destroy() : client.write(chunk)));
    for (const [one, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard: () => heard };
}

test('an answer that was lost on the way is asked for again by itself, and nothing is done twice', async () => {
  const between = await hangingUp(gatewayUrl(stack));
  try {
    const env = { LAUNCH_GATEWAY: between.url, LAUNCH_TOKEN: operatorToken(stack) };
    const { code, stderr } = await say(['heard once', '--as', 'qa'], env);
    expect([code, stderr]).toEqual([0, '']);
    expect(between.heard()).toBe(2);
  } finally {
    between.server.close();
  }
  expect((await comments()).filter(({ text }) => text === 'heard once')).toHaveLength(1);
});
