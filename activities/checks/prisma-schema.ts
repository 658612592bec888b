/** A model of a Prisma schema, as Prisma's own parser reads it. */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { CannotRun } from './result';
import { inTurn } from './turns';

/** A schema of 1 MB takes half a second; one full of mistakes takes half a minute, which nobody waits for. */
const MAX_PARSE_MS = 5_000;
/** Of JavaScript's heap; the parser's own memory is given back when its thread ends. */
const MAX_HEAP_MB = 256;

export interface SchemaFile {
  name: string;
  content: string;
}

const field = z.object({
  name: z.string(),
  dbName: z.string().nullish(),
  /** `object` is a relation, which has no column of its own. */
  kind: z.string(),
  type: z.string(),
  isList: z.boolean(),
  isRequired: z.boolean(),
});
export type PrismaField = z.infer<typeof field>;

const parsed = z.union([
  z.object({ why: z.string() }),
  z.object({
    names: z.array(z.string()),
    model: z
      .object({
        name: z.string(),
        dbName: z.string().nullish(),
        schema: z.string().nullish(),
        fields: z.array(field),
      })
      .nullable(),
  }),
]);

/** The model asked for, or null, and the names of all models; or why not, to be put behind the schema's name. */
export type ParsedSchema = z.infer<typeof parsed>;

/**
 * Prisma's parser runs in one go and cannot be stopped: in a thread of its own it keeps nobody waiting, and what a schema
 * made to harm does to it ends with the thread. The datamodel alone is asked for: the whole DMMF takes up to 4 GB.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { get_datamodel } = require(workerData.parser);
  try {
    const { models } = JSON.parse(get_datamodel(workerData.params));
    const model = models.find(({ name }) => name === workerData.model) ?? null;
    parentPort.postMessage({ names: models.map(({ name }) => name), model });
  } catch (error) {
    parentPort.postMessage({ why: String(error && error.message) });
  }`;

/** Until Prisma 7 they were keys of a datasource, and schemas are full of them; its parser refuses them. */
const FORMER_KEYS = /^[ \t]*(url|directUrl|shadowDatabaseUrl)[ \t]*=.*$/gm;

function paramsOf(files: readonly SchemaFile[]): string {
  const prismaSchema = files.map(({ name, content }) => [name, content.replace(FORMER_KEYS, '')]);
  return JSON.stringify({ prismaSchema, noColor: true });
}

const BROKE = "breaks Prisma's parser";
const TOO_SLOW = `takes Prisma's parser longer than ${MAX_PARSE_MS / 1_000} s`;
const COLOUR = /\u001b\[[0-9;]*m/g;

/** The first line of Prisma's errors, and where it points to. */
function firstError(text: string): string {
  let message: string;
  try {
    message = (JSON.parse(text) as { message: string }).message;
  } catch {
    return BROKE; // a trap in the parser is none of its own errors
  }
  const lines = message.replace(COLOUR, '').split('\n');
  const at = lines.findIndex((line) => line.startsWith('error: '));
  const place = lines.slice(at + 1).find((line) => line.includes('-->'));
  const said = (lines[at] ?? lines[0] ?? '').replace(/^error: (Error validating: )?/, '');
  return `is not a Prisma schema: ${said}${place === undefined ? '' : ` (${place.replace('-->', '').trim()})`}`;
}

/** What the thread says; of its errors the first. */
function answerOf(message: unknown): ParsedSchema {
  const answer = parsed.parse(message);
  return 'why' in answer ? { why: firstError(answer.why) } : answer;
}

function inThread(workerData: object, signal: AbortSignal): Promise<ParsedSchema> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(THREAD, {
      eval: true,
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      // What the parser prints as it breaks is nobody's business.
      stdout: true,
      stderr: true,
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      void thread.terminate();
      settle();
    };
    const stop = (): void => end(() => reject(new CannotRun('The Prisma schema could not be read in time')));
    const timer = setTimeout(() => end(() => resolve({ why: TOO_SLOW })), MAX_PARSE_MS);
    signal.addEventListener('abort', stop, { once: true });
    thread.once('message', (message: unknown) => end(() => resolve(Promise.resolve(message).then(answerOf))));
    thread.once('error', () => end(() => resolve({ why: BROKE })));
    thread.once('exit', () => end(() => resolve({ why: BROKE })));
  });
}

/** @throws CannotRun when the time is up */
export async function parseSchema(
  files: readonly SchemaFile[],
  model: string,
  signal: AbortSignal
): Promise<ParsedSchema> {
  const workerData = { parser: require.resolve('@prisma/prisma-schema-wasm'), params: paramsOf(files), model };
  // One after the other: a hundred checks that are due at once are not a hundred threads.
  return inTurn('Prisma schemas', { signal, atOnce: 1 }, async () => {
    signal.throwIfAborted();
    return inThread(workerData, signal);
  });
}
