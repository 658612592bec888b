import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChildSpec } from './child-process';
import { projectRoot } from './paths';
import { makeWorld, playgroundFolder, stateOf, THINGS } from './playground-world';
import { freePorts } from './ports';
import type { Supervisor } from './processes';
import type { Report } from './report';
import type { PlaygroundFile } from './stack-file';

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 2_000;

/** The stand-ins for the world of the example: two servers and a folder of files, all outside the product. */
export interface Playground {
  /** For the worker: where they are, and its configuration, which lets checks reach them and nothing else. */
  env: NodeJS.ProcessEnv;
  describe(): PlaygroundFile;
  /** What it started and where, in lines for a person. */
  lines(): string[];
}

interface Ports {
  staging: number;
  support: number;
}

/**
 * Makes the world where it is not there, starts its servers, and writes the configuration of a worker whose checks may
 * reach them. Ports stay the same over starts of one data folder while they are free.
 * @throws StackError
 */
export async function startPlayground(supervisor: Supervisor, data: string, report: Report): Promise<Playground> {
  const world = makeWorld(data);
  const ports = await choosePorts(data);
  report('Starting the playground: a staging server, an MCP server, and the files they read');
  const [staging, support] = await Promise.all(
    (['staging', 'support'] as const).map((name) => supervisor.start(standIn(name, { data, world, port: ports[name] })))
  );
  const urls = { staging: `http://127.0.0.1:${ports.staging}`, support: `http://127.0.0.1:${ports.support}/mcp` };
  const described = (): PlaygroundFile => ({
    world,
    staging: { url: urls.staging, pid: staging?.pid() ?? null },
    support: { url: urls.support, pid: support?.pid() ?? null },
  });
  return {
    env: {
      LAUNCH_CONFIG: writeConfiguration(data, urls),
      STAGING_URL: urls.staging,
      STAGING_HEALTH_URL: `${urls.staging}/health`,
    },
    describe: described,
    lines: () => linesOf(described()),
  };
}

function linesOf({ world, staging, support }: PlaygroundFile): string[] {
  const broken = THINGS.filter((thing) => stateOf(world, thing) !== 'fixed').length;
  return [
    `Staging   ${staging.url}, a stand-in${staging.pid ? ` (pid ${staging.pid})` : ''}`,
    `Support   ${support.url}, a stand-in${support.pid ? ` (pid ${support.pid})` : ''}`,
    `World     ${world}: ${broken} of ${THINGS.length} things in it are broken`,
  ];
}

function standIn(name: keyof Ports, { data, world, port }: { data: string; world: string; port: number }): ChildSpec {
  return {
    name,
    command: process.execPath,
    args: [join(projectRoot(), 'playground', `${name}.mjs`), String(port), world],
    env: { PATH: process.env['PATH'], LAUNCH_DATA: data },
    stopSignal: 'SIGTERM',
    stopWithinMs: STOP_WITHIN_MS,
    readyWithinMs: READY_WITHIN_MS,
    isReady: (output) => /^ready$/m.test(output),
  };
}

const portsSchema = z.object({ staging: z.number().int(), support: z.number().int() });

/** Those of the last time if they are free. */
async function choosePorts(data: string): Promise<Ports> {
  const file = join(playgroundFolder(data), 'ports.json');
  const last = lastPorts(file);
  const [staging = 0, support = 0] = await freePorts([last?.staging, last?.support]);
  writeFileSync(file, `${JSON.stringify({ staging, support })}\n`);
  return { staging, support };
}

function lastPorts(file: string): Ports | undefined {
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Written anew at every start. JSON is YAML too. */
function writeConfiguration(data: string, { support }: { support: string }): string {
  const file = join(playgroundFolder(data), 'launch-director.yaml');
  const checks = {
    hosts: ['127.0.0.1'],
    root: './world',
    env: ['STAGING_URL', 'STAGING_HEALTH_URL'],
    mcpServers: { support: { url: support } },
  };
  writeFileSync(file, `# Written by launch up --playground\n${JSON.stringify({ checks }, null, 2)}\n`);
  return file;
}
