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

/** Temporal writes a version as NAME.ID or NAME:ID, so that a name has neither a dot nor a colon. */
export const DEPLOYMENT_NAME = /^[\w-]{1,100}$/;
export const VERSION_ID = /^[\w.-]{1,100}$/;

const deployment = z.string().regex(DEPLOYMENT_NAME, 'expected at most 100 letters, digits, - and _').optional();
const buildId = z.string().regex(VERSION_ID, 'expected at most 100 letters, digits, dots, - and _').optional();

/** It is part of a URL elsewhere, and of what Postgres computes with: printable, and nothing to be prepared first. */
const password = z
  .string()
  .regex(/^[\x21-\x7e]{8,200}$/, 'expected 8 to 200 printable ASCII characters without spaces')
  .optional();

/** Their values are never repeated, in no message. */
const SECRETS: readonly string[] = ['DATABASE_URL', 'LAUNCH_APP_PASSWORD'];

const configSchema = z.object({
  TEMPORAL_ADDRESS: address,
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_NAMESPACE: name('a namespace', 'default'),
  DATABASE_URL: databaseUrl,
  LAUNCH_DATA: z.string().default('.launch'),
  LAUNCH_TASK_QUEUE: name('a task queue', TASK_QUEUE),
  LAUNCH_CONFIG: z.string().optional(),
  LAUNCH_DEPLOYMENT: deployment,
  LAUNCH_BUILD_ID: buildId,
  LAUNCH_APP_PASSWORD: password,
});

/** What `readConfig` reads. */
export const CONFIG_VARIABLES: readonly string[] = Object.keys(configSchema.shape);

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
  /** The Worker Deployment that a worker belongs to; absent: it is not versioned. */
  deployment?: string;
  /** The worker's version in its deployment; absent: that of the code. */
  buildId?: string;
  /** With which `launch migrate` lets the application's role log in; absent: as it was. */
  appPassword?: string;
}

/**
 * The settings that come from the environment. A variable that is set but empty counts as absent.
 * @throws ConfigError naming the first variable that cannot be used. A secret is never repeated in it.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const variable = String(issue?.path[0] ?? 'environment');
    const found = SECRETS.includes(variable) ? 'something else' : `'${given[variable] ?? ''}'`;
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
    deployment: parsed.data.LAUNCH_DEPLOYMENT,
    buildId: parsed.data.LAUNCH_BUILD_ID,
    appPassword: parsed.data.LAUNCH_APP_PASSWORD,
  };
}

function isPostgresUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['postgres:', 'postgresql:'].includes(url.protocol) && url.pathname.length > 1;
}
