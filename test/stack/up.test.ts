import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { withClient } from '../../prisma/connection';
import { identify, isAlive, type ProcessIdentity } from '../../stack/process-identity';
import { readStack, type StackFile } from '../../stack/stack-file';
import { startStack, type RunningStack, type StackOptions } from '../../stack/up';
import { findSearchAttributeGap } from '../../worker/search-attributes';
import { requireBuild } from '../support/built';
import { temporalPath } from '../support/servers';
import { until } from '../support/until';

const IDLE_WORKER = [process.execPath, '-e', "console.log('ready'); setInterval(() => {}, 1000)"] as const;

let data: string;
let said: string[];
let listener: Server;
let running: RunningStack;

function options(more: Partial<StackOptions> = {}): StackOptions {
  return { data, report: (line) => void said.push(line), worker: IDLE_WORKER, ...more };
}

function pids(stack: StackFile): number[] {
  return [stack.temporal.pid, stack.database.pid, stack.worker.pid].flatMap((pid) => (pid === null ? [] : [pid]));
}

function identities(stack: StackFile): ProcessIdentity[] {
  return pids(stack).flatMap((pid) => identify(pid) ?? []);
}

async function canWork(stack: StackFile): Promise<boolean> {
  const connection = await Connection.connect({ address: stack.temporal.address, connectTimeout: 1_000 });
  const gap = await findSearchAttributeGap(connection, stack.temporal.namespace);
  await connection.close();
  const rows = await withClient(stack.database.url, async (client) => (await client.query('SELECT * FROM kept')).rows);
  return gap.missing.length === 0 && rows.length === 1;
}

beforeAll(async () => {
  requireBuild();
  said = [];
  data = mkdtempSync(join(tmpdir(), 'launch-stack-'));
  listener = createServer().listen(0, '127.0.0.1');
  await until('a listener', () => listener.listening);
  const taken = (listener.address() as AddressInfo).port;
  running = await startStack(options({ ports: { temporal: taken, ui: taken, gateway: taken } }));
  await withClient(running.stack().database.url, async (client) => {
    await client.query('CREATE TABLE kept AS SELECT 1');
  });
});

afterAll(async () => {
  await running.stop();
  listener.close();
  rmSync(data, { recursive: true, force: true });
});

test('says ready last, on a line of its own, after the addresses and pids', () => {
  const { temporal, database, worker } = running.stack();
  expect(said.at(-1)).toBe('ready');
  const text = said.join('\n');
  for (const shown of [
    temporal.address,
    temporal.ui,
    `pid ${temporal.pid}`,
    `pid ${database.pid}`,
    `pid ${worker.pid}`,
  ]) {
    expect(text).toContain(shown);
  }
});

test('stack.json says where everything is, to its owner alone', async () => {
  expect(readStack(data)).toEqual(running.stack());
  expect(statSync(join(data, 'stack.json')).mode & 0o777).toBe(0o600);
  expect(await canWork(running.stack())).toBe(true);
});

test('a port that is taken is left to whoever has it', () => {
  const { port } = listener.address() as AddressInfo;
  const { address, ui } = running.stack().temporal;
  expect([address, ui]).not.toContain(`127.0.0.1:${port}`);
  expect(running.stack().gateway?.url).not.toContain(`:${port}`);
  expect(Number(address.split(':')[1])).toBeGreaterThan(0);
});

test.each(['worker', 'gateway', 'database', 'temporal'] as const)(
  'the %s, killed with kill -9, is started again where it was, and stack.json says its new pid',
  async (part) => {
    const before = running.stack();
    const pid = before[part]?.pid as number;
    const killedAt = Date.now();
    process.kill(pid, 'SIGKILL');
    const after = await until(`a new ${part}`, () => {
      const now = readStack(data);
      return now?.[part]?.pid && now[part].pid !== pid ? now : undefined;
    });
    if (part === 'worker') expect(Date.now() - killedAt).toBeLessThan(1_000);
    await until('the stack to work again', () => canWork(after));
    expect(after.temporal.address).toBe(before.temporal.address);
    expect(after.database.url).toBe(before.database.url);
  }
);

test('a second owner of the same folder is refused, and told who the first is', async () => {
  const second = startStack(options());
  await expect(second).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  await expect(second).rejects.toThrow(new RegExp(`process ${process.pid}\\b.*--data`));
  expect(await canWork(running.stack())).toBe(true);
});

test('a stack.json that was spoilt is one clear error, and the next start writes it anew', async () => {
  writeFileSync(join(data, 'stack.json'), '{"temporal": 5}');
  expect(() => readStack(data)).toThrow(/stack\.json is not what 'launch up' writes .*start it again/);
  writeFileSync(join(data, 'stack.json'), 'no json');
  expect(() => readStack(data)).toThrow(/stack\.json is not what/);

  const living = identities(running.stack());
  expect(living).toHaveLength(3);
  await running.stop();
  expect(living.filter(isAlive)).toEqual([]);
  expect(readStack(data)).toBeUndefined();

  writeFileSync(join(data, 'stack.json'), 'no json');
  running = await startStack(options({ ports: {} }));
  expect(readStack(data)).toEqual(running.stack());
  expect(await canWork(running.stack())).toBe(true);
});

test('a postmaster.pid left behind, whose number another program has now, does not matter', async () => {
  await running.stop();
  const file = join(data, 'postgres', 'postmaster.pid');
  writeFileSync(file, `${process.pid}\n${join(data, 'postgres')}\n`);
  running = await startStack(options());
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${running.stack().database.pid}\n`));
});

describe('what cannot start', () => {
  let other: string;
  beforeEach(() => {
    other = mkdtempSync(join(tmpdir(), 'launch-stack-'));
  });
  afterEach(() => rmSync(other, { recursive: true, force: true }));

  test('a worker that fails is told with its last words, and nothing is left running', async () => {
    const worker = [
      process.execPath,
      '-e',
      "console.error('the search attributes are missing'); process.exit(1)",
    ] as const;
    const attempt = startStack(options({ data: other, worker }));
    await expect(attempt).rejects.toMatchObject({ code: 'CHILD_FAILED' });
    await expect(attempt).rejects.toThrow(
      /worker did not start \(exit code 1\)[^]*search attributes are missing[^]*worker\.log/
    );
    expect(readStack(other)).toBeUndefined();
    const again = await startStack(options({ data: other }));
    await again.stop();
  });

  test('a port that another stack takes in between is another one, however much the server says of it', async () => {
    const [first, program] = [join(other, 'first'), join(other, 'temporal')];
    // As the server itself ends: why in its first line, and a long trace after it.
    const ends = `touch ${first}; echo 'listen tcp 127.0.0.1:7233: bind: address already in use'; seq 100; exit 2`;
    const serves = `exec ${JSON.stringify(temporalPath())} "$@"`;
    writeFileSync(program, `#!/bin/sh\nif [ "$1" != --version ] && [ ! -e ${first} ]; then ${ends}; fi\n${serves}\n`);
    chmodSync(program, 0o755);
    const env = { ...process.env, LAUNCH_TEMPORAL_CLI: program };
    const stack = await startStack(options({ data: join(other, 'stack'), env }));
    expect(existsSync(first)).toBe(true);
    expect(stack.stack().temporal.pid).not.toBeNull();
    await stack.stop();
  });

  test('a folder that cannot be used is one clear error', async () => {
    writeFileSync(join(other, 'file'), '');
    const attempt = startStack(options({ data: join(other, 'file', 'below') }));
    await expect(attempt).rejects.toMatchObject({ code: 'DATA_UNUSABLE' });
    await expect(attempt).rejects.toThrow(/below cannot be used as the data folder .*--data DIR/);
  });

  test('a given Temporal or database that is not there is named, and no other is started instead', async () => {
    const noTemporal = startStack(options({ data: other, env: { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' } }));
    await expect(noTemporal).rejects.toThrow(/Temporal at 127\.0\.0\.1:1.*unset/);
    const url = 'postgresql://someone:secret@127.0.0.1:1/launch';
    const noDatabase = startStack(options({ data: other, env: { ...process.env, DATABASE_URL: url } }));
    await expect(noDatabase).rejects.toThrow(/127\.0\.0\.1:1/);
    await expect(noDatabase).rejects.not.toThrow(/secret/);
  });

  test('a setting that cannot be used is named before anything starts', async () => {
    const attempt = startStack(options({ data: other, env: { TEMPORAL_ADDRESS: 'nowhere' } }));
    await expect(attempt).rejects.toThrow(/^TEMPORAL_ADDRESS: found 'nowhere', expected HOST:PORT/);
  });
});
