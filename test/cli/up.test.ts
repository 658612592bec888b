import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Board } from '../../domain/board';
import { identify, isAlive } from '../../stack/process-identity';
import { readStack } from '../../stack/stack-file';
import { requireBuild } from '../support/built';
import { launch, launchUp, wordsOf, type Up } from '../support/cli';
import { until } from '../support/until';

/** Each command is a process of its own, on a machine that may have other things to do. */
jest.setTimeout(180_000);

/** A whole stack, used as a person uses it: by its command line alone. */
let data: string;
let up: Up;
let staging: Server;
let healthy = false;

const PLAN = (url: string): string => `
version: 1
id: shop
title: "The shop"
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana, carl], quorum: all } }
people: [{ id: ana, name: Ana }, { id: carl, name: Carl }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - id: STAGING
    kind: blocker
    title: Staging answers
    owners: [dev]
    priority: P0
    acceptance:
      - { id: up, title: Staging answers 200, check: { type: http, url: "${url}", expect: { status: 200 } }, every: 1s }
      - { id: seen, title: QA has seen it, attest: { by: [qa] } }
  - { id: DOCS, title: Docs are written, owners: [qa] }
  - id: WHERE
    kind: decision
    title: Where it runs
    owners: [ana]
    options: [{ id: here, title: Here }, { id: there, title: There }]
gates: { must: [{ item: STAGING }], should: [{ item: DOCS }], nice: [{ item: WHERE }] }
`;

beforeAll(async () => {
  requireBuild();
  data = mkdtempSync(join(tmpdir(), 'launch-up-'));
  staging = createServer((_request, response) => void response.writeHead(healthy ? 200 : 502).end());
  await new Promise<void>((resolve) => staging.listen(0, '127.0.0.1', resolve));
  const file = join(data, 'shop.yaml');
  writeFileSync(file, PLAN(`http://127.0.0.1:${(staging.address() as AddressInfo).port}/`));
  up = await launchUp([file, '--data', join(data, 'stack'), '--allow-local-checks']);
});

afterAll(async () => {
  if (up.child.exitCode === null) await up.interrupt();
  staging.close();
  rmSync(data, { recursive: true, force: true });
});

const run = (...args: string[]) => launch(args, { LAUNCH_DATA: join(data, 'stack') });

async function json<T>(...args: string[]): Promise<{ code: number | null; value: T }> {
  const { code, stdout } = await run(...args, '--json');
  return { code, value: JSON.parse(stdout) as T };
}

async function board(id = 'shop'): Promise<Board> {
  return (await json<Board>('status', id)).value;
}

const itemOf = (from: Board, id: string) => from.items.find((item) => item.id === id);

interface Failed {
  error: { code: string; message: string; details?: { [key: string]: unknown } };
}

async function refused(...args: string[]) {
  const { code, value } = await json<Failed>(...args);
  return { exit: code, code: value.error.code };
}

test('says where everything is, what it started and what to type, then ready', () => {
  const output = up.output();
  expect(output).toMatch(/Temporal {2}127\.0\.0\.1:\d+ \(pid \d+\)/);
  expect(output).toContain('Started   shop: The shop');
  expect(output).toContain('launch todo shop --as PERSON');
  expect(output).toContain(`export LAUNCH_DATA=${join(data, 'stack')}`);
});

test('doctor is well, and status finds the only launch', async () => {
  expect((await run('doctor')).code).toBe(0);
  const { code, stdout } = await run('status');
  expect(code).toBe(0);
  expect(stdout).toContain('DELAY as things stand: 1 must open, 2 sign-offs missing.');
  expect((await board()).id).toBe('shop');
});

test('status --json is the board, whole', async () => {
  const value = await board();
  expect(Object.keys(value)).toEqual(
    expect.arrayContaining([
      'id',
      'title',
      'revision',
      'phase',
      'launchAt',
      'verdict',
      'now',
      'items',
      'gates',
      'signOffs',
      'holds',
      'metrics',
    ])
  );
  expect(value.verdict).toMatchObject({ value: 'DELAY', at: null });
  expect(value.gates.must).toEqual([expect.objectContaining({ ref: 'STAGING', state: 'unmet' })]);
});

test('what may not be said is refused with its code: exit 1', async () => {
  expect(await refused('attest', 'shop', 'STAGING', 'seen', '--as', 'dev')).toEqual({ exit: 1, code: 'NOT_ALLOWED' });
  expect(await refused('attest', 'shop', 'STAGING', 'seen', '--as', 'eve')).toEqual({
    exit: 1,
    code: 'UNKNOWN_PERSON',
  });
  expect(await refused('attest', 'shop', 'STAGING', 'up', '--as', 'dev')).toEqual({ exit: 1, code: 'AUTOMATIC' });
  expect(await refused('attest', 'shop', 'STAGINGS', '--as', 'qa')).toEqual({ exit: 1, code: 'UNKNOWN_ITEM' });
  expect(await refused('decide', 'shop', 'WHERE', 'moon', '--as', 'ana')).toEqual({ exit: 1, code: 'UNKNOWN_OPTION' });
  expect(await refused('release', 'shop', '--as', 'ana')).toEqual({ exit: 1, code: 'NOT_HELD' });
  expect(await refused('sign-off', 'shop', '--seen', 'old', '--as', 'ana')).toEqual({ exit: 1, code: 'CHANGED' });
  expect(await refused('reschedule', 'shop', '2020-01-01 10:00', '--reason', 'x', '--as', 'ana')).toEqual({
    exit: 1,
    code: 'IN_THE_PAST',
  });
  const early = ['waive', 'shop', 'STAGING', '--reason', 'a', '--risk', 'b', '--until', 'T-1h', '--as', 'ana'];
  expect(await refused(...early)).toEqual({ exit: 1, code: 'EXPIRES_TOO_SOON' });
  expect(await refused('start', join(data, 'shop.yaml'))).toEqual({ exit: 1, code: 'ALREADY_RUNNING' });
  expect(await refused('hold', 'nosuch', '--reason', 'x', '--as', 'ana')).toEqual({ exit: 2, code: 'NOT_FOUND' });
  expect(await refused('reschedule', 'shop', 'tomorrow', '--reason', 'x', '--as', 'ana')).toEqual({
    exit: 2,
    code: 'BAD_INPUT',
  });
});

test('ids and names are taken in any case, and a key is never done twice', async () => {
  expect((await run('ack', 'shop', 'staging', '--as', 'DEV')).code).toBe(0);
  const said = ['comment', 'shop', 'DOCS', 'once', '--key', 'k1', '--as', 'qa'];
  expect((await run(...said)).code).toBe(0);
  expect((await run(...said)).code).toBe(0);
  expect(await refused('comment', 'shop', 'DOCS', 'twice', '--key', 'k1', '--as', 'qa')).toEqual({
    exit: 1,
    code: 'KEY_REUSED',
  });
});

test('verify looks now: not passed is exit 1', async () => {
  const { code, value } = await json<{ passed: boolean; verified: unknown[] }>(
    'verify',
    'shop',
    '--all',
    '--as',
    'dev'
  );
  expect(code).toBe(1);
  expect(value).toMatchObject({ passed: false, verified: [{ item: 'STAGING', criterion: 'up', outcome: 'failed' }] });
});

test('the life of a launch by its commands: held, reported, reviewed, moved, decided', async () => {
  const said = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([0, '']);
  };
  await said('hold', 'shop', '--reason', 'provider down', '--as', 'qa');
  expect((await board()).phase).toBe('held');
  await said('release', 'shop', '--reason', 'provider back', '--as', 'ana');
  await said(
    'report-blocker',
    'shop',
    'Carts',
    'get',
    'lost',
    '--owner',
    'qa',
    '--owner',
    'dev',
    '--priority',
    'P0',
    '--as',
    'qa'
  );
  expect((await board()).now.reasons.map(({ code }) => code)).toContain('REPORT_UNREVIEWED');
  await said('review-blocker', 'shop', 'REPORTED-1', '--accept', '--gate', 'nice', '--as', 'ana');
  await said('assign', 'shop', 'REPORTED-1', 'dev', '--as', 'ana');
  await said('decide', 'shop', 'WHERE', 'here', '--why', 'cheaper', '--as', 'ana');
  await said('sign-off', 'shop', '--no', '--why', 'too early', '--as', 'carl');
  await said('sign-off', 'shop', '--withdraw', '--as', 'carl');
  const before = await board();
  await said('reschedule', 'shop', 'T+1d', '--reason', 'more time', '--as', 'ana');
  const after = await board();
  expect(Date.parse(after.launchAt) - Date.parse(before.launchAt)).toBe(86_400_000);
  expect(after.revision).toBe(2);
  expect(after.items.map(({ id, status, owners, chosen }) => ({ id, status, owners, chosen }))).toContainEqual({
    id: 'REPORTED-1',
    status: 'open',
    owners: ['dev'],
    chosen: null,
  });
  await until('the decision', async () => itemOf(await board(), 'WHERE')?.chosen === 'here');
});

test('words carry evidence, can be taken back, and resolve what they complete', async () => {
  const evidence = ['--note', 'tried it', '--link', 'https://ci.example.com/7', '--file', join(data, 'shop.yaml')];
  expect((await run('attest', 'shop', 'STAGING', 'seen', ...evidence, '--as', 'qa')).code).toBe(0);
  const seen = async () => itemOf(await board(), 'STAGING')?.criteria.find(({ id }) => id === 'seen');
  await until('the word', async () => (await seen())?.state === 'met');
  expect((await seen())?.evidence).toMatch(/tried it, https:\/\/ci\.example\.com\/7, shop\.yaml/);
  expect((await run('retract', 'shop', 'STAGING', 'seen', '--as', 'qa')).code).toBe(0);
  await until('it is taken back', async () => (await seen())?.state === 'unmet');
  expect(await refused('resolve', 'shop', 'STAGING', '--as', 'dev')).toEqual({ exit: 1, code: 'UNMET' });
  expect((await run('resolve', 'shop', 'DOCS', '--note', 'published', '--as', 'qa')).code).toBe(0);
  await until('DOCS', async () => itemOf(await board(), 'DOCS')?.status === 'resolved');
  expect((await run('reopen', 'shop', 'DOCS', '--reason', 'a typo', '--as', 'dev')).code).toBe(0);
  await until('DOCS again', async () => itemOf(await board(), 'DOCS')?.status === 'open');
});

test('typing nothing but what needs says leads to GO', async () => {
  healthy = true;
  const file = join(data, 'shop.yaml');
  const started = await json<{ launch: string }>('start', file, '--id', 'quick', '--launch-at', '+24s', '--trial');
  expect(started).toMatchObject({ code: 0, value: { launch: 'quick' } });
  const typed: string[] = [];
  await until(
    'GO',
    async () => {
      const now = await board('quick');
      for (const { command } of now.verdict.needs) {
        if (!command || typed.includes(command)) continue;
        const { code, stderr } = await run(...wordsOf(command).slice(1));
        expect([command, code, stderr]).toEqual([command, 0, '']);
        typed.push(command);
      }
      return now.phase === 'launched';
    },
    90_000
  );
  expect((await board('quick')).verdict.value).toBe('GO');
  expect(typed).toContain('launch attest quick STAGING seen --as qa');
  expect(await refused('cancel', 'quick', '--reason', 'x', '--as', 'ana')).toEqual({ exit: 1, code: 'ENDED' });
});

test('a cancelled launch is over, and its next run is another one', async () => {
  expect((await run('cancel', 'shop', '--reason', 'dropped', '--as', 'ana')).code).toBe(0);
  await until('the end', async () => (await json<{ launches: unknown[] }>('status')).value.launches.length === 0);
  const again = await json<{ launch: string }>('start', join(data, 'shop.yaml'));
  expect(again.value.launch).toBe('shop-2');
  expect((await run('status', 'shop')).stdout).toContain('CANCELLED');
  expect((await run('status', '--all')).stdout).toMatch(/shop-2.*\n?/);
});

test('without a terminal it printed a line for each change, and no escape', () => {
  const output = up.output();
  expect(output).toMatch(/^\d\d:\d\d:\d\d STAGING is acknowledged, was open$/m);
  expect(output).toMatch(/^\d\d:\d\d:\d\d The launch is held, was preparing$/m);
  expect(output).not.toContain('\u001b');
});

test('Ctrl-C stops everything: exit 0, no process left, and the launches are there the next time', async () => {
  const stack = readStack(join(data, 'stack'))!;
  const pids = [stack.temporal.pid, stack.database.pid, stack.worker.pid].flatMap((pid) =>
    pid ? [identify(pid)!] : []
  );
  expect(pids).toHaveLength(3);
  expect(await up.interrupt()).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(join(data, 'stack', 'stack.json'))).toBe(false);
  // A date that has passed meanwhile does not keep anybody from a launch that runs.
  writeFileSync(join(data, 'shop.yaml'), PLAN('http://127.0.0.1:1/').replace('+2d 14:00', '"2020-01-01 10:00"'));
  up = await launchUp([join(data, 'shop.yaml'), '--data', join(data, 'stack'), '--allow-local-checks']);
  expect(up.output()).toContain('Attached  shop-2 runs already');
  expect((await board('shop-2')).phase).toBe('preparing');
});
