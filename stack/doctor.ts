import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { readConfig, type Config } from '../config';
import { withClient } from '../prisma/connection';
import { migrationsFolder } from '../prisma/migrate';
import { findSearchAttributeGap } from '../worker/search-attributes';
import { reasonOf } from './errors';
import { findOrphans } from './orphans';
import { projectRoot } from './paths';
import { readStack, type StackFile } from './stack-file';

const ANSWERS_WITHIN_MS = 5_000;
/** A worker's poll is answered after a minute at the latest, then the next one is seen. */
const POLLED_WITHIN_MS = 75_000;
/** Temporal's numbers, part of the wire format. */
const WORKFLOW_TASK_QUEUE = 1;
const UNVERSIONED = 1;

export interface Check {
  name: 'node' | 'stack' | 'temporal' | 'search attributes' | 'worker' | 'database' | 'migrations';
  ok: boolean;
  /** What was found. */
  detail: string;
  /** What to do when it is not well; null when it is. */
  fix: string | null;
}

export interface Diagnosis {
  ready: boolean;
  checks: Check[];
  /** Workflow ids of items that run without their launch; worth a look, and no reason not to be ready. */
  orphans: string[];
}

/** What is reachable from here: what the environment gives, else what runs in the data folder. */
interface Target {
  temporal?: { connection: ConnectionOptions; namespace: string };
  databaseUrl?: string;
  taskQueue: string;
  workerPid?: number | null;
}

/**
 * Looks at everything a launch needs, and says of each whether it is well and, if not, what to do. It changes nothing.
 * @throws ConfigError when the environment itself cannot be used
 */
export async function diagnose(data: string, env: NodeJS.ProcessEnv = process.env): Promise<Diagnosis> {
  const config = readConfig(env);
  const checks = [checkNode()];
  const stack = checkStack(data, config, checks);
  const target = targetOf(config, stack, env);
  const temporal = await checkTemporal(target);
  checks.push(...temporal.checks, ...(await checkDatabase(target)));
  return { ready: checks.every((check) => check.ok), checks, orphans: temporal.orphans };
}

const well = (name: Check['name'], detail: string): Check => ({ name, ok: true, detail, fix: null });
const unwell = (name: Check['name'], detail: string, fix: string): Check => ({ name, ok: false, detail, fix });

const manifestSchema = z.object({ engines: z.object({ node: z.string() }) });

function checkNode(): Check {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')));
  const wanted = /(\d+)\.(\d+)/.exec(manifest.engines.node)?.slice(1).map(Number) ?? [];
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted;
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return enough
    ? well('node', process.version)
    : unwell('node', process.version, `Install Node ${manifest.engines.node}`);
}

/** Where both services are given, a local stack is not needed. */
function checkStack(data: string, config: Config, checks: Check[]): StackFile | undefined {
  if ((config.temporalAddress || config.temporalProfile) && config.databaseUrl) return undefined;
  try {
    const stack = readStack(data);
    checks.push(
      stack
        ? well('stack', `${data}, owned by process ${stack.owner.pid}`)
        : unwell('stack', `none is running in ${data}`, `Start it: launch up --data ${data}`)
    );
    return stack;
  } catch (error) {
    checks.push(unwell('stack', reasonOf(error), `Start it again: launch up --data ${data}`));
    return undefined;
  }
}

function targetOf(config: Config, stack: StackFile | undefined, env: NodeJS.ProcessEnv): Target {
  const taskQueue = stack?.worker.taskQueue ?? config.taskQueue;
  const common = { databaseUrl: config.databaseUrl ?? stack?.database.url, taskQueue, workerPid: stack?.worker.pid };
  if (config.temporalAddress || config.temporalProfile) {
    const defined = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(defined) });
    return { ...common, temporal: { connection: connectionOptions, namespace: namespace ?? 'default' } };
  }
  if (!stack) return common;
  const { address, namespace } = stack.temporal;
  return { ...common, temporal: { connection: { address }, namespace } };
}

async function checkTemporal(target: Target): Promise<{ checks: Check[]; orphans: string[] }> {
  const nothing = (detail: string, fix: string) => ({ checks: [unwell('temporal', detail, fix)], orphans: [] });
  if (!target.temporal) return nothing('no address is known', 'Start the stack, or set TEMPORAL_ADDRESS');
  const { connection: options, namespace } = target.temporal;
  const where = `${options.address ?? 'localhost:7233'}, namespace '${namespace}'`;
  let connection: Connection;
  try {
    connection = await Connection.connect({ ...options, connectTimeout: ANSWERS_WITHIN_MS });
  } catch (error) {
    return nothing(`${where}: ${reasonOf(error)}`, 'Start it, or correct TEMPORAL_ADDRESS or the profile');
  }
  try {
    const attributes = await checkSearchAttributes(connection, namespace);
    const checks = [well('temporal', where), attributes, await checkWorker(connection, namespace, target)];
    return { checks, orphans: await findOrphans(connection, namespace).catch(() => []) };
  } finally {
    await connection.close();
  }
}

async function checkSearchAttributes(connection: Connection, namespace: string): Promise<Check> {
  const name = 'search attributes';
  try {
    const { missing, wrongType } = await findSearchAttributeGap(connection, namespace);
    if (missing.length + wrongType.length === 0) return well(name, 'registered');
    const detail = [
      ...missing.map((each) => `${each} is missing`),
      ...wrongType.map((each) => `${each} has another type`),
    ];
    return unwell(name, detail.join(', '), 'Start a worker: it registers them, or prints the commands that do');
  } catch (error) {
    return unwell(name, reasonOf(error), `See that namespace '${namespace}' exists and may be read`);
  }
}

async function checkWorker(connection: Connection, namespace: string, target: Target): Promise<Check> {
  const { taskQueue, workerPid } = target;
  const fix = 'Start one: launch worker (launch up has one of its own)';
  if (workerPid === null)
    return unwell('worker', 'the stack is starting it again', "See worker.log in the data folder's logs");
  try {
    const deadline = Date.now() + ANSWERS_WITHIN_MS;
    const { pollers, versioningInfo } = await connection.withDeadline(deadline, () =>
      connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_TASK_QUEUE,
      })
    );
    const recent = (pollers ?? []).filter(({ lastAccessTime }) => {
      return Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < POLLED_WITHIN_MS;
    });
    if (recent.length === 0) return unwell('worker', `nobody polls task queue '${taskQueue}'`, fix);
    const current = versioningInfo?.currentDeploymentVersion;
    const taking = recent.filter((poller) => versionIn(poller.deploymentOptions) === versionIn(current));
    const which = current ? `, version ${current.buildId} of ${current.deploymentName}` : '';
    if (taking.length > 0)
      return well('worker', `task queue '${taskQueue}'${which}: ${taking.map(({ identity }) => identity).join(', ')}`);
    return current
      ? unwell('worker', `task queue '${taskQueue}': no worker of the current one${which}`, 'Start one: launch worker')
      : unwell(
          'worker',
          `task queue '${taskQueue}': workers of versions, and none is current`,
          'Let new launches begin on one: launch rollout --deployment NAME'
        );
  } catch (error) {
    return unwell('worker', reasonOf(error), fix);
  }
}

/** One text for each version, and one for all that is not versioned: what begins goes to those of the current one. */
function versionIn(
  version:
    { deploymentName?: string | null; buildId?: string | null; workerVersioningMode?: number | null } | null | undefined
): string {
  if (!version?.deploymentName || version.workerVersioningMode === UNVERSIONED) return '';
  return `${version.deploymentName}:${version.buildId ?? ''}`;
}

async function checkDatabase({ databaseUrl }: Target): Promise<Check[]> {
  if (!databaseUrl) return [unwell('database', 'no address is known', 'Start the stack, or set DATABASE_URL')];
  const url = new URL(databaseUrl);
  const where = `${url.host}${url.pathname}`;
  const all = readdirSync(migrationsFolder(), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  try {
    const applied = await appliedMigrations(databaseUrl);
    const missing = all.map((entry) => entry.name).filter((name) => !applied.has(name));
    const migrations =
      missing.length === 0
        ? well('migrations', 'all applied')
        : unwell(
            'migrations',
            `not applied: ${missing.join(', ')}`,
            'Run launch migrate, or launch up, with this DATABASE_URL'
          );
    return [well('database', where), migrations];
  } catch (error) {
    return [unwell('database', `${where}: ${reasonOf(error)}`, 'Start it, or correct DATABASE_URL')];
  }
}

async function appliedMigrations(databaseUrl: string): Promise<Set<string>> {
  return await withClient(databaseUrl, async (client) => {
    const table = await client.query<{ found: string | null }>("SELECT to_regclass('_prisma_migrations') AS found");
    if (!table.rows[0]?.found) return new Set<string>();
    const done =
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL';
    const { rows } = await client.query<{ name: string }>(done);
    return new Set(rows.map((row) => row.name));
  });
}
