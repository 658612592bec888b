import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StackError, hasCode, reasonOf } from './errors';
import { tryLock } from './file-lock';
import { endAll, guardedSchema, type Guarded } from './guard';
import type { Report } from './report';
import { removeStack } from './stack-file';

const CHILDREN_FILE = 'children.json';
const LOCK_FILE = 'owner.lock';

/** A data folder that this process alone owns. */
export interface OwnedFolder {
  /** Remembers what was started, so that the next owner can end what this one, having died, could not. */
  recordChildren(children: Guarded[]): void;
  release(): void;
}

/**
 * Makes the folder and becomes its owner; what a dead owner left running is ended first.
 * @throws StackError DATA_UNUSABLE, or DATA_IN_USE naming the process that owns it
 */
export async function ownDataFolder(data: string, report: Report): Promise<OwnedFolder> {
  try {
    makeFolder(data);
    accessSync(data, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(data, error);
  }
  const lock = await tryLock(join(data, LOCK_FILE)).catch((error: unknown) => {
    throw unusable(data, error);
  });
  if ('heldBy' in lock) {
    throw new StackError(
      'DATA_IN_USE',
      `${data} is in use by process ${lock.heldBy.pid}, another 'launch up'. Stop that one (Ctrl-C or kill ${lock.heldBy.pid}), or give this one a folder of its own with --data DIR.`
    );
  }
  await endLeftOver(data, report);
  return {
    recordChildren: (children) => recordChildren(data, children),
    release: () => {
      rmSync(join(data, CHILDREN_FILE), { force: true });
      removeStack(data);
      lock.release();
    },
  };
}

/** One folder after the other: Node's own `recursive` never returns where the parent, like /proc, refuses with ENOENT. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function recordChildren(data: string, children: Guarded[]): void {
  const file = join(data, CHILDREN_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(children), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Only what is still the very process that was recorded is ended. */
async function endLeftOver(data: string, report: Report): Promise<void> {
  removeStack(data);
  const file = join(data, CHILDREN_FILE);
  if (!existsSync(file)) return;
  report(`The last owner of ${data} did not stop in order; ending what it left running`);
  try {
    await endAll(z.array(guardedSchema).parse(JSON.parse(readFileSync(file, 'utf8'))));
  } catch (error) {
    report(`${file} cannot be read (${reasonOf(error)}), so a process of the last run may still be there`);
  }
  rmSync(file, { force: true });
}

function unusable(data: string, error: unknown): StackError {
  return new StackError(
    'DATA_UNUSABLE',
    `${data} cannot be used as the data folder (${reasonOf(error)}). Make it writable, or name another with --data DIR.`
  );
}
