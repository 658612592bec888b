/** Files of the worker's folder, and of nothing else: what every check that reads files goes through. */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { CannotRun, MAX_READ_BYTES, quoted } from './result';

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';

/** The real path of the worker's folder. @throws CannotRun where there is none */
export async function realRoot(root: string): Promise<string> {
  return realpath(root).catch((error: unknown) => {
    throw new CannotRun(`The worker's folder cannot be looked at (${codeOf(error)})`);
  });
}

/**
 * The real path of `name` below `inside`, which is one already.
 * @throws CannotRun where nothing is there, or a link leads out
 */
export async function realPathInside(inside: string, name: string): Promise<string> {
  const real = await realpath(name).catch((error: unknown) => {
    throw new CannotRun(`${quoted(path.relative(inside, name))} cannot be looked at (${codeOf(error)})`);
  });
  if (real === inside || real.startsWith(inside.endsWith(path.sep) ? inside : inside + path.sep)) return real;
  throw new CannotRun(`${quoted(path.relative(inside, name))} leads out of the worker's folder`);
}

/** Whether the open file is the one at this path, and not one that a folder swapped for a link led to. */
async function isAt(file: FileHandle, real: string): Promise<boolean> {
  const opened = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  if (opened !== undefined) return opened === real;
  // Where the system does not tell what is open, it is looked at again.
  const [again, there, here] = [await realpath(real), await stat(real), await file.stat()];
  return again === real && there.dev === here.dev && there.ino === here.ino;
}

/**
 * Opens a file so that neither a pipe nor a link put there meanwhile can mislead; whether it is a file is to be asked.
 * @param real as `realPathInside` gives it
 * @throws CannotRun when another file was put in its place
 */
export async function openPlain(real: string): Promise<FileHandle> {
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (await isAt(file, real).catch(() => false)) return file;
  await file.close();
  throw new CannotRun('it was moved while it was looked at');
}

/**
 * Reads a whole file that is short enough; a longer one, or one that grows meanwhile, is undefined.
 * @param size in bytes, as the open file says
 */
export async function readShort(file: FileHandle, size: number): Promise<Buffer | undefined> {
  if (size > MAX_READ_BYTES) return undefined;
  const buffer = Buffer.allocUnsafe(MAX_READ_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (length > MAX_READ_BYTES) return undefined;
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}
