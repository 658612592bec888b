import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from './errors';
import { identify, isAlive, processSchema, type ProcessIdentity } from './process-identity';

/** A lock file whose content does not parse is being written, unless it is older than this. */
const WRITTEN_WITHIN_MS = 2_000;
/** Taking over a dead owner's lock is a matter of microseconds; who dies within it must not block it for ever. */
const TAKEOVER_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 50;

export interface FileLock {
  /** The lock was left behind by an owner that died. */
  takenOver: boolean;
  release(): void;
}

/**
 * Takes a lock that is a file naming its owner. A dead owner's lock is taken over, by one taker only.
 * @returns the lock, or the living process that holds it
 * @throws whatever creating the file throws, save that it exists
 */
export async function tryLock(path: string): Promise<FileLock | { heldBy: ProcessIdentity }> {
  let takenOver = false;
  for (;;) {
    if (createOwned(path)) return { takenOver, release: () => rmSync(path, { force: true }) };
    const holder = readHolder(path);
    if (holder !== 'unreadable' && holder !== 'gone' && isAlive(holder)) return { heldBy: holder };
    if (holder === 'gone') continue;
    if (holder === 'unreadable' && ageMs(path) < WRITTEN_WITHIN_MS) await delay(LOOK_AGAIN_MS);
    else if (await removeStale(path)) takenOver = true;
  }
}

/** Waits for the lock as long as a living process holds it; says who it is, once per holder. */
export async function waitForLock(path: string, onWait: (holder: ProcessIdentity) => void): Promise<FileLock> {
  let told: number | undefined;
  for (;;) {
    const lock = await tryLock(path);
    if (!('heldBy' in lock)) return lock;
    if (told !== lock.heldBy.pid) onWait(lock.heldBy);
    told = lock.heldBy.pid;
    await delay(LOOK_AGAIN_MS * 4);
  }
}

function createOwned(path: string): boolean {
  const me = identify(process.pid) ?? { pid: process.pid, start: 'unknown' };
  try {
    writeFileSync(path, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | 'unreadable' | 'gone' {
  try {
    return processSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    return hasCode(error, 'ENOENT') ? 'gone' : 'unreadable';
  }
}

/** Removes the lock of a dead owner. Two takers must not both do it, or the second would remove the first's new lock. */
async function removeStale(path: string): Promise<boolean> {
  const mutex = `${path}.takeover`;
  try {
    writeFileSync(mutex, String(process.pid), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    if (ageMs(mutex) > TAKEOVER_WITHIN_MS) rmSync(mutex, { force: true });
    await delay(LOOK_AGAIN_MS);
    return false;
  }
  try {
    const holder = readHolder(path);
    const stale = holder === 'unreadable' ? ageMs(path) >= WRITTEN_WITHIN_MS : holder !== 'gone' && !isAlive(holder);
    if (stale) rmSync(path, { force: true });
    return stale;
  } finally {
    rmSync(mutex, { force: true });
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
