/** Files of the worker's folder, and of nothing else: what every check that reads files goes through. */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
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

/** Opens a file so that neither a pipe nor a link put there meanwhile can mislead; whether it is a file is to be asked. */
export function openPlain(real: string): Promise<FileHandle> {
  return open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/**
 * Reads a whole file that is short enough; a longer one, or one that grows meanwhile, is undefined.
 * @param size in bytes, as the open file says
 */
export async function readShort(file: FileHandle, size: number): Promise<Buffer | undefined> {
  if (size > MAX_READ_BYTES) return undefined;
  const buffer = Buffer.alloc(MAX_READ_BYTES + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (length > MAX_READ_BYTES) return undefined;
    if (bytesRead === 0) return buffer.subarray(0, length);
  }
}
