import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { diagnose } from '../../stack/doctor';
import { projectRoot } from '../../stack/paths';
import { startStack, type RunningStack } from '../../stack/up';
import { requireBuild } from '../support/built';
import { freshDatabase } from '../support/database';
import { until } from '../support/until';

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
});
const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.unknown()),
});

const file = join(projectRoot(), 'docker-compose.yml');
const compose = composeSchema.parse(parse(readFileSync(file, 'utf8')));
const dockerfile = readFileSync(join(projectRoot(), 'Dockerfile'), 'utf8');

function service(name: string): z.infer<typeof serviceSchema> {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

describe('the file', () => {
  test('waits only for services that it has, and for health only where there is a health check', () => {
    for (const { depends_on } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect(service(name).healthcheck).toBeDefined();
        else expect(condition).toBe('service_completed_successfully');
      }
    }
  });

  test('mounts only volumes that it declares, keeps both databases in one, and of the host reads the configuration alone', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes }) => volumes);
    const ofHost = mounts.filter((mount) => /^[./~]/.test(mount));
    expect([...new Set(ofHost)]).toEqual(['./config:/config:ro']);
    const named = mounts.filter((mount) => !ofHost.includes(mount)).map((mount) => mount.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test('publishes ports on this host only', () => {
    const ports = Object.values(compose.services).flatMap((each) => each.ports);
    expect(ports).not.toHaveLength(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test("runs the server that the project's own development server is", () => {
    const goMod = readFileSync(join(projectRoot(), 'tools', 'temporal', 'go.mod'), 'utf8');
    const version = /go\.temporal\.io\/server v(\S+)/.exec(goMod)?.[1];
    expect(service('temporal').image).toBe(`temporalio/auto-setup:${version}`);
  });

  test('the image runs without root, and copies only what exists', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(([, path]) => path as string);
    expect(copied.filter((path) => !existsSync(join(projectRoot(), path)))).toEqual([]);
  });
});

if (spawnSync('docker', ['compose', 'version']).status === 0) {
  test('docker compose, where it is installed, accepts the file', () => {
    expect(spawnSync('docker', ['compose', '-f', file, 'config', '--quiet']).status).toBe(0);
  });
}

describe('our services, run as the file says, against local servers', () => {
  let data: string;
  let running: RunningStack;
  let databaseUrl: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    requireBuild();
    data = mkdtempSync(join(tmpdir(), 'launch-compose-'));
    databaseUrl = (await freshDatabase('empty')).url;
    const idle = [process.execPath, '-e', "console.log('ready'); setInterval(() => {}, 1000)"] as const;
    running = await startStack({ data, report: () => {}, worker: idle });
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await running.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** The environment of the service with the names of other services replaced by what runs here. */
  function environment(name: string): NodeJS.ProcessEnv {
    const given = service(name).environment;
    const here = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: running.stack().temporal.address };
    const entries = Object.entries(given).map(([variable, value]) => {
      if (variable in here) return [variable, here[variable as keyof typeof here]];
      return [variable, value.replace(/\$\{\w+:-(.*?)\}/g, '$1')];
    });
    return { PATH: process.env['PATH'], HOME: data, ...Object.fromEntries(entries) };
  }

  /** The image's entry point with the service's command. */
  function start(name: string): { child: ChildProcess; output: () => string } {
    const entrypoint = z.array(z.string()).parse(JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? ''));
    const [program = '', ...args] = [...entrypoint, ...(service(name).command ?? [])];
    const child = spawn(program, args, {
      cwd: projectRoot(),
      env: environment(name),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (text += String(chunk)));
    return { child, output: () => text };
  }

  test('migrate migrates and ends; the worker then polls, is healthy, and ends in order when it is told to', async () => {
    const migrate = start('migrate');
    const [migrated] = await once(migrate.child, 'exit');
    expect({ migrated, said: migrate.output() }).toMatchObject({ migrated: 0 });

    const worker = start('worker');
    await until(`ready, but: ${worker.output()}`, () => /^ready$/m.test(worker.output()));
    const health = await until('a healthy worker', async () => {
      const diagnosis = await diagnose(data, environment('worker'));
      return diagnosis.ready ? diagnosis : undefined;
    });
    expect(health.checks.find((check) => check.name === 'worker')).toMatchObject({ ok: true });

    const [test = '', program = '', ...args] = service('worker').healthcheck?.test ?? [];
    expect(test).toBe('CMD');
    const asked = spawnSync(program, args, { cwd: projectRoot(), env: environment('worker'), encoding: 'utf8' });
    expect({ status: asked.status, said: asked.stderr }).toMatchObject({ status: 0 });

    worker.child.kill('SIGTERM');
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });
});
