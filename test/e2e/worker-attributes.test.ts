import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { freePorts } from '../../stack/ports';
import { compiled } from '../../stack/paths';
import { findSearchAttributeGap } from '../../worker/search-attributes';
import { requireBuild } from '../support/built';
import { freshDatabase } from '../support/database';
import { temporalPath } from '../support/servers';
import { until } from '../support/until';

/** A worker alone, against servers that nobody has prepared for it. */
let children: ChildProcess[];

interface Running {
  child: ChildProcess;
  output(): string;
  exit: Promise<number | null>;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Running {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => text, exit };
}

/** A development server in memory with nothing of ours. */
async function bareServer(...args: string[]): Promise<string> {
  const [port = 0] = await freePorts([0]);
  const serve = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)];
  run(temporalPath(), [...serve, '--log-level', 'error', ...args]);
  const address = `127.0.0.1:${port}`;
  await until('the server', () => connected(address, async () => true));
  return address;
}

async function connected<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

async function startWorker(address: string): Promise<Running> {
  const { url } = await freshDatabase();
  const env = { ...process.env, TEMPORAL_ADDRESS: address, DATABASE_URL: url, LAUNCH_TASK_QUEUE: 'bare' };
  return run(process.execPath, [compiled('cli/index.js'), 'worker'], env);
}

const pollers = (address: string): Promise<number> =>
  connected(address, async (connection) => {
    const queue = { namespace: 'default', taskQueue: { name: 'bare' }, taskQueueType: 1 };
    const { pollers: found } = await connection.workflowService.describeTaskQueue(queue);
    return found?.length ?? 0;
  });

beforeAll(requireBuild);
beforeEach(() => {
  children = [];
});
afterEach(async () => {
  // The last started first: a worker that loses its server would only wait for it.
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
});

test('missing attributes are there by the time the worker says ready, and it ends well', async () => {
  const address = await bareServer();
  const worker = await startWorker(address);
  await until('ready', () => /^ready$/m.test(worker.output()));
  const gap = await connected(address, (connection) => findSearchAttributeGap(connection, 'default'));
  expect(gap).toEqual({ missing: [], wrongType: [] });
  await until('it polls', async () => (await pollers(address)) > 0);
  worker.child.kill('SIGTERM');
  expect(await worker.exit).toBe(0);
});

test('an attribute of another type: exit 3 with the command that removes it, and nobody has polled', async () => {
  const address = await bareServer('--search-attribute', 'LaunchId=Int');
  const worker = await startWorker(address);
  expect(await worker.exit).toBe(3);
  expect(worker.output()).toContain('temporal operator search-attribute remove --namespace default --name LaunchId');
  expect(worker.output()).toContain('SEARCH_ATTRIBUTES_MISSING');
  expect(worker.output()).not.toMatch(/^ready$/m);
  expect(await pollers(address)).toBe(0);
});

test('no room for more: exit 3 with the commands that register them, and nobody has polled', async () => {
  // The server keeps ten Keywords at most; these leave too few.
  const taken = Array.from({ length: 8 }, (_, index) => ['--search-attribute', `Taken${index}=Keyword`]).flat();
  const address = await bareServer(...taken);
  const worker = await startWorker(address);
  expect(await worker.exit).toBe(3);
  expect(worker.output()).toMatch(
    /temporal operator search-attribute create --namespace default --name LaunchId --type Keyword/
  );
  expect(await pollers(address)).toBe(0);
});

test('no server: exit 3 in bounded time', async () => {
  const [port = 0] = await freePorts([0]);
  const worker = await startWorker(`127.0.0.1:${port}`);
  expect(await worker.exit).toBe(3);
  expect(worker.output()).toContain('UNREACHABLE');
});
