import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, type StackError } from './errors';
import { waitForLock } from './file-lock';
import { cacheFolder } from './paths';
import type { Report } from './report';

/** One way to obtain a program. */
export interface Way {
  from: 'download' | 'build';
  /** Puts the program into the folder `into`. Returns why it could not, as one line, or nothing. Must not throw. */
  obtain(into: string): Promise<string | undefined>;
}

export interface CachedProgram {
  /** With version, system and processor, since home folders are shared between machines. */
  folder: string;
  /** The executable inside it. */
  executable: string;
  ways: readonly Way[];
  report: Report;
  env: NodeJS.ProcessEnv;
  /** What to say when no way worked, given why each did not. */
  unavailable: (reasons: string[]) => StackError;
}

/**
 * The program from the user's cache folder, obtained into it by the first way that works. Several processes may ask at
 * once: one obtains it, the others wait. What is in the cache is complete, since whole folders are renamed into it.
 */
export async function cachedProgram(program: CachedProgram): Promise<{ path: string; from: 'cache' | Way['from'] }> {
  const folder = join(cacheFolder(program.env), program.folder);
  const path = join(folder, program.executable);
  if (existsSync(path)) return { path, from: 'cache' };
  ensureFolder(dirname(folder), program);

  const lock = await waitForLock(`${folder}.lock`, ({ pid }) =>
    program.report(`Process ${pid} is fetching ${program.executable}; waiting for it`)
  );
  try {
    if (existsSync(path)) return { path, from: 'cache' };
    return { path, from: await obtainInto(folder, program) };
  } finally {
    lock.release();
  }
}

async function obtainInto(folder: string, program: CachedProgram): Promise<Way['from']> {
  const reasons: string[] = [];
  for (const way of program.ways) {
    const into = mkdtempSync(`${folder}.partial-`);
    try {
      const failure = await way.obtain(into);
      if (failure === undefined && existsSync(join(into, program.executable))) {
        rmSync(folder, { recursive: true, force: true });
        renameSync(into, folder);
        return way.from;
      }
      reasons.push(failure ?? `${way.from} left no ${program.executable}`);
    } finally {
      rmSync(into, { recursive: true, force: true });
    }
  }
  throw program.unavailable(reasons);
}

function ensureFolder(folder: string, program: CachedProgram): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw program.unavailable([
      `${folder} cannot be written (${reasonOf(error)}): set LAUNCH_CACHE to a folder that can`,
    ]);
  }
}
