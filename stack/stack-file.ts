import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, reasonOf, StackError } from './errors';
import { isAlive, processSchema } from './process-identity';

const pid = z.number().int().positive().nullable();
const standIn = z.object({ url: z.string(), pid });

/** Where everything of a running stack is; `pid` is null for what the stack did not start, or is starting again. */
export const stackSchema = z.object({
  owner: processSchema,
  temporal: z.object({
    address: z.string(),
    namespace: z.string(),
    ui: z.string().nullable(),
    /** A command-line program that talks to it; null when none was needed. */
    cli: z.string().nullable(),
    pid,
  }),
  database: z.object({ url: z.string(), pid }),
  worker: z.object({ taskQueue: z.string(), pid }),
  gateway: z.object({ url: z.string(), pid }).nullable(),
  /** The stand-ins of `launch up --playground`, and the folder that they read. */
  playground: z.object({ world: z.string(), staging: standIn, support: standIn }).optional(),
});
export type StackFile = z.infer<typeof stackSchema>;
export type PlaygroundFile = NonNullable<StackFile['playground']>;

const fileIn = (data: string): string => join(data, 'stack.json');

/**
 * Where the stack of a data folder is, or undefined when none runs there.
 * @throws StackError DATA_UNUSABLE when the file is there and cannot be understood
 */
export function readStack(data: string): StackFile | undefined {
  const file = fileIn(data);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new StackError('DATA_UNUSABLE', `${file} cannot be read: ${reasonOf(error)}`);
  }
  const stack = parseStack(file, text);
  return isAlive(stack.owner) ? stack : undefined;
}

/** Readable by its owner alone: the database address holds a password. */
export function writeStack(data: string, stack: StackFile): void {
  const file = fileIn(data);
  writeFileSync(`${file}.new`, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeStack(data: string): void {
  rmSync(fileIn(data), { force: true });
}

function parseStack(file: string, text: string): StackFile {
  try {
    return stackSchema.parse(JSON.parse(text));
  } catch (error) {
    const what =
      error instanceof z.ZodError
        ? `at ${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`
        : reasonOf(error);
    throw new StackError(
      'DATA_UNUSABLE',
      `${file} is not what 'launch up' writes (${what}). Stop the stack if it runs and start it again: it writes the file anew.`
    );
  }
}
