import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../stack/paths';

/** What is deployed, as the files say it: docker-compose.yml and the Dockerfile. */
const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  pull_policy: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  restart: z.string(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  privileged: z.boolean().optional(),
  user: z.string().optional(),
});
export type Service = z.infer<typeof service>;

const compose = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.unknown()),
});

const read = (file: string): string => readFileSync(join(projectRoot(), file), 'utf8');

export const composeText = read('docker-compose.yml');
export const { services, networks, secrets, volumes } = compose.parse(parse(composeText, { merge: true }));
export const manifest = z
  .object({
    version: z.string(),
    engines: z.object({ node: z.string() }),
    dependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));
export const goModule = read('tools/temporal/go.mod');

export function serviceOf(name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

/** Those that run our own image. */
export const ours = Object.keys(services).filter((name) => serviceOf(name).image.startsWith('launch-director:'));

/** As Compose puts variables in: `${NAME:-default}` and `${NAME:?what is wrong without}`. */
export function filledIn(text: string, env: { [name: string]: string }): string {
  return text.replace(/\$\{(\w+)(?::([-?][^}]*))?\}/g, (_all, name: string, rest = '?') => {
    const value = env[name];
    if (value) return value;
    if (rest.startsWith('-')) return rest.slice(1);
    throw new Error(`${name} is not set: ${rest.slice(1)}`);
  });
}

/** One stage of the Dockerfile: its lines, continued ones joined. */
export interface Stage {
  from: string;
  name: string;
  lines: Array<{ verb: string; rest: string }>;
}

export const stages: Stage[] = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .reduce<Stage[]>((all, line) => {
    const [, verb = '', rest = ''] = /^(\w+) +(.*)$/.exec(line) ?? [];
    if (verb === 'FROM') {
      const [from = '', , name = ''] = rest.split(/ +/);
      return [...all, { from, name, lines: [] }];
    }
    all.at(-1)?.lines.push({ verb, rest });
    return all;
  }, []);

export function linesOf(stage: Stage, verb: string): string[] {
  return stage.lines.filter((line) => line.verb === verb).map(({ rest }) => rest);
}

export const finalStage = stages.at(-1)!;
export const entrypoint = z.array(z.string()).parse(JSON.parse(linesOf(finalStage, 'ENTRYPOINT')[0] ?? '[]'));

/** What is not sent to the builder; patterns that begin with two stars fit in any folder. */
export const ignored = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
