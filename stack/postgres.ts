import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { withClient } from '../prisma/connection';
import type { ChildSpec } from './child-process';
import { StackError, reasonOf } from './errors';
import { freePorts } from './ports';
import { giveTo, postgresPrograms, unprivileged, type RunAs } from './postgres-programs';
import { endProcess, identify } from './process-identity';
import { Supervisor } from './processes';
import type { Report } from './report';
import { runCommand } from './run-command';

const USER = 'launch';
const DATABASE = 'launch';
const MAJOR_VERSION = '18';
const INITIALISED_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const READY_LINE = 'database system is ready to accept connections';

/** Kept beside the cluster's folder: who may log in, and where it listened last, so that its address stays. */
const accessSchema = z.object({ password: z.string().min(1), port: z.number().int() });
type Access = z.infer<typeof accessSchema>;

export interface PostgresOptions {
  /** The cluster's folder; made and initialised when it is not there. */
  folder: string;
  report: Report;
  /** A port to listen on; by default the one of the last time if it is free. */
  port?: number;
  /** For tests only: faster, and a crash of the machine loses data. */
  disposable?: boolean;
}

export interface PostgresServer {
  /** Of the role that owns the database. */
  url: string;
  pid(): number | undefined;
}

/**
 * Starts the embedded Postgres under a supervisor, with the database made. It survives having been killed.
 * @throws StackError DATABASE_UNAVAILABLE or CHILD_FAILED
 */
export async function startPostgres(supervisor: Supervisor, options: PostgresOptions): Promise<PostgresServer> {
  const folder = resolve(options.folder);
  const programs = postgresPrograms();
  const partial = `${folder}.partial`;
  const fresh = !existsSync(join(folder, 'PG_VERSION'));
  if (fresh) {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
  }
  const runAs = await unprivileged(programs.postgres, fresh ? partial : folder);
  if (fresh) await initialise(partial, { folder, runAs, initdb: programs.initdb, report: options.report });
  refuseOtherVersion(folder);

  const { password, port: lastPort } = readAccess(folder);
  const [port = lastPort] = await freePorts([options.port ?? lastPort]);
  writeAccess(folder, { password, port });
  const child = await supervisor.start(serverSpec(folder, { ...options, port, runAs, postgres: programs.postgres }));
  const url = (database: string): string => `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
  await createDatabase(url('postgres'));
  return { url: url(DATABASE), pid: () => child.pid() };
}

/** A cluster with a supervisor of its own, for tests. */
export async function startPostgresAlone(
  options: PostgresOptions & { logs: string }
): Promise<PostgresServer & { stop(): Promise<void> }> {
  const supervisor = new Supervisor({ logs: options.logs, report: options.report, onChange: () => {} });
  try {
    return { ...(await startPostgres(supervisor, options)), stop: () => supervisor.stopAll() };
  } catch (error) {
    await supervisor.stopAll();
    throw error;
  }
}

interface Initialise {
  folder: string;
  runAs: RunAs;
  initdb: string;
  report: Report;
}

/** In a folder beside it first, so that what is interrupted leaves nothing that looks like a cluster. */
async function initialise(partial: string, { folder, runAs, initdb, report }: Initialise): Promise<void> {
  report('Making a database cluster (once)');
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${folder}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(runAs, [partial, passwordFile]);
  try {
    const args = [
      '-D',
      partial,
      '-U',
      USER,
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
    ];
    const [command = initdb, ...rest] = [...runAs.prefix, initdb, ...args];
    const result = await runCommand(command, rest, { env: serverEnvironment(), timeoutMs: INITIALISED_WITHIN_MS });
    if (result.code !== 0) throw unavailable(`Postgres could not be initialised in ${folder}:\n${result.lastLines}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const [port = 0] = await freePorts([undefined]);
  writeAccess(folder, { password, port });
  renameSync(partial, folder);
}

interface ServerSpec extends PostgresOptions {
  port: number;
  runAs: RunAs;
  postgres: string;
}

function serverSpec(folder: string, { port, runAs, postgres, disposable }: ServerSpec): ChildSpec {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(disposable ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = postgres, ...args] = [...runAs.prefix, postgres, '-D', folder, '-p', String(port), ...flags];
  return {
    name: 'postgres',
    command,
    args,
    env: serverEnvironment(),
    stopSignal: 'SIGINT', // its fast shutdown; SIGTERM would wait for every client to leave
    stopWithinMs: STOP_WITHIN_MS,
    readyWithinMs: READY_WITHIN_MS,
    prepare: () => clearStalePid(folder),
    isReady: (output) => output.includes(READY_LINE),
  };
}

/** Nothing of the person's own Postgres settings may reach this one. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C' };
}

/**
 * After an unclean stop postmaster.pid stays. Postgres itself ignores it when the process is gone, but not when another
 * program has got its number since.
 */
async function clearStalePid(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const owner = identify(Number(readFileSync(file, 'utf8').split('\n', 1)[0]));
  if (!owner) return;
  if (worksIn(owner.pid, folder)) await endProcess(owner, 'SIGINT', STOP_WITHIN_MS);
  else if (process.platform === 'linux') rmSync(file, { force: true });
}

/** A Postgres works in its cluster's folder. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

function refuseOtherVersion(folder: string): void {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version === MAJOR_VERSION) return;
  throw unavailable(
    `${folder} was made by Postgres ${version}, this is Postgres ${MAJOR_VERSION}. Set DATABASE_URL to a server that reads it, or move the folder away to start empty.`
  );
}

function readAccess(folder: string): Access {
  const file = `${folder}.json`;
  try {
    return accessSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw unavailable(
      `${file} holds the password of the database in ${folder} and cannot be read (${reasonOf(error)}). Restore it, or move both away to start empty.`
    );
  }
}

function writeAccess(folder: string, access: Access): void {
  const file = `${folder}.json`;
  writeFileSync(`${file}.new`, JSON.stringify(access), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

async function createDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

function unavailable(message: string): StackError {
  return new StackError('DATABASE_UNAVAILABLE', message);
}
