import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '../../stack/file-lock';
import { identify } from '../../stack/process-identity';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('is held by one at a time, and free again when released', async () => {
  const lock = await tryLock(path);
  if ('heldBy' in lock) throw new Error('held');
  expect(await tryLock(path)).toEqual({ heldBy: identify(process.pid) });
  lock.release();
  expect(existsSync(path)).toBe(false);
  expect(await tryLock(path)).toMatchObject({ takenOver: false });
});

test('of many who find a dead owner exactly one takes over', async () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, start: 'of an earlier process with this number' }));
  const locks = await Promise.all(Array.from({ length: 20 }, () => tryLock(path)));
  expect(locks.filter((lock) => !('heldBy' in lock))).toHaveLength(1);
});

test('a lock that was never finished counts as left behind', async () => {
  writeFileSync(path, '');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(path, longAgo, longAgo);
  expect(await tryLock(path)).toMatchObject({ takenOver: true });
});
