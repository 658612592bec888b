import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { guardedSchema, type Guarded } from '../../stack/guard';
import { identify, isAlive, type ProcessIdentity } from '../../stack/process-identity';
import { readStack } from '../../stack/stack-file';
import { requireBuild } from '../support/built';
import { until } from '../support/until';

const OWNER = join(__dirname, '..', 'support', 'stack-owner.js');

let data: string;
let owners: Owner[];

interface Owner {
  process: ChildProcess;
  output(): string;
  ended: Promise<unknown[]>;
}

function startOwner(folder = data): Owner {
  const child = spawn(process.execPath, [OWNER, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (text += String(chunk)));
  const owner = { process: child, output: () => text, ended: once(child, 'exit') };
  owners.push(owner);
  return owner;
}

const isReady = (owner: Owner): boolean => /^ready$/m.test(owner.output());

function children(): Guarded[] {
  const recorded: unknown = JSON.parse(readFileSync(join(data, 'children.json'), 'utf8'));
  return guardedSchema.array().parse(recorded);
}

/** The guard is the owner's only child that is not recorded. */
function guardOf(owner: Owner): ProcessIdentity {
  const pid = owner.process.pid as number;
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const recorded = new Set(children().map((child) => child.pid));
  const [guard] = list.filter((child) => !recorded.has(child)).flatMap((child) => identify(child) ?? []);
  if (!guard) throw new Error('no guard');
  return guard;
}

beforeAll(requireBuild);
beforeEach(() => {
  owners = [];
  data = mkdtempSync(join(tmpdir(), 'launch-owner-'));
});
afterEach(async () => {
  for (const owner of owners) owner.process.kill('SIGINT');
  await Promise.all(owners.map((owner) => owner.ended));
  // What was killed in the middle of a write may end it yet.
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
});

test('an interrupt stops everything, exits 0 and leaves no process', async () => {
  const owner = startOwner();
  await until('ready', () => isReady(owner));
  const living = [...children(), guardOf(owner)];
  expect(children().map((child) => child.name)).toEqual(['temporal', 'postgres', 'worker', 'gateway']);
  owner.process.kill('SIGINT');
  expect(await owner.ended).toEqual([0, null]);
  expect(living.filter(isAlive)).toEqual([]);
  expect(owner.output()).toMatch(/Stopped\n$/);
});

test('an interrupt while it starts does so too', async () => {
  const owner = startOwner();
  await until('its first child', () => children().length > 0);
  owner.process.kill('SIGINT');
  expect(await owner.ended).toEqual([0, null]);
  expect(readStack(data)).toBeUndefined();
});

test('when the owner is killed its children end, and the next owner takes over', async () => {
  const owner = startOwner();
  await until('ready', () => isReady(owner));
  const living = [...children(), guardOf(owner)];
  owner.process.kill('SIGKILL');
  await until('the children to end', () => !living.some(isAlive));
  expect(readStack(data)).toBeUndefined();

  const next = startOwner();
  await until('the next one ready', () => isReady(next));
});

test('when even the guard is killed, the next owner ends what was left and takes over', async () => {
  const owner = startOwner();
  await until('ready', () => isReady(owner));
  const left = children();
  process.kill(guardOf(owner).pid, 'SIGKILL');
  owner.process.kill('SIGKILL');
  await owner.ended;
  expect(left.every(isAlive)).toBe(true);

  const next = startOwner();
  await until('the next one ready', () => isReady(next));
  expect(left.filter(isAlive)).toEqual([]);
  expect(next.output()).toContain('did not stop in order');
});

test('a guard that is killed is replaced, and the new one does its work', async () => {
  const owner = startOwner();
  await until('ready', () => isReady(owner));
  const first = guardOf(owner);
  process.kill(first.pid, 'SIGKILL');
  const second = await until('another guard', () => {
    const guard = guardOf(owner);
    return guard.pid === first.pid ? undefined : guard;
  });
  const living = [...children(), second];
  owner.process.kill('SIGKILL');
  await until('the children to end', () => !living.some(isAlive));
});

test('of two owners that start at once, one is refused', async () => {
  const both = [startOwner(), startOwner()];
  await until('one ready', () => both.some(isReady));
  const refused = both.filter((owner) => !isReady(owner));
  expect(refused).toHaveLength(1);
  expect(await refused[0]?.ended).toEqual([3, null]);
  expect(refused[0]?.output()).toMatch(/is in use by process \d+/);
});

test('two stacks that start at once, each in its folder, do not take each other for themselves', async () => {
  const folders = [data, `${data}-other`];
  try {
    const both = folders.map((folder) => startOwner(folder));
    await until('both ready', () => both.every(isReady));
    const servers = folders.map((folder) => readStack(folder)!.temporal);
    expect(new Set(servers.map(({ address }) => address)).size).toBe(2);
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(2);
    for (const owner of both) owner.process.kill('SIGINT');
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([
      [0, null],
      [0, null],
    ]);
  } finally {
    rmSync(`${data}-other`, { recursive: true, force: true });
  }
});
