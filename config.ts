import { z } from 'zod';

/** The task queue of every launch, unless LAUNCH_TASK_QUEUE says otherwise. */
export const TASK_QUEUE = 'launch-director';

/** A setting that was given and cannot be used. The message says which, what was found, and what to do. */
export class ConfigError extends Error {
  readonly code = 'BAD_CONFIG';
}

const address = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/, 'expected HOST:PORT, for example 127.0.0.1:7233')
  .optional();

const databaseUrl = z.string().refine(isPostgresUrl, 'expected postgres://USER:PASSWORD@HOST:PORT/DATABASE').optional();

const name = (what: string, fallback: string) =>
  z
    .string()
    .regex(/^\S{1,200}$/, `expected ${what} without spaces, at most 200 characters`)
    .default(fallback);

const configSchema = z.object({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: name('a namespace', 'default'),
  DATABASE_URL: databaseUrl,
  LAUNCH_DATA: z.string().default('.launch'),
  LAUNCH_TASK_QUEUE: name('a task queue', TASK_QUEUE),
  LAUNCH_CONFIG: z.string().optional(),
});

export interface Config {
  /** HOST:PORT of a Temporal that is given; absent: the one of the data folder's stack. */
  temporalAddress?: string;
  /** A profile of Temporal's own configuration file, which then gives address, namespace and credentials. */
  temporalProfile?: string;
  namespace: string;
  /** A Postgres that is given; absent: the embedded one. */
  databaseUrl?: string;
  /** Where the local stack keeps its state, as given (may be relative to the working directory). */
  data: string;
  taskQueue: string;
  /** The worker's configuration file, as given. */
  config?: string;
}

/**
 * The settings that come from the environment. A variable that is set but empty counts as absent.
 * @throws ConfigError naming the first variable that cannot be used. A database address is never repeated in it, since
 *   it holds a password.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const variable = String(issue?.path[0] ?? 'environment');
    const found = variable === 'DATABASE_URL' ? 'something else' : `'${given[variable] ?? ''}'`;
    throw new ConfigError(`${variable}: found ${found}, ${issue?.message}. Correct it or unset it.`);
  }
  return {
    temporalAddress: parsed.data.TEMPORAL_ADDRESS,
    temporalProfile: parsed.data.TEMPORAL_PROFILE,
    namespace: parsed.data.TEMPORAL_NAMESPACE,
    databaseUrl: parsed.data.DATABASE_URL,
    data: parsed.data.LAUNCH_DATA,
    taskQueue: parsed.data.LAUNCH_TASK_QUEUE,
    config: parsed.data.LAUNCH_CONFIG,
  };
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}
