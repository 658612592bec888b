import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { projectRoot } from '../../stack/paths';
import { finalStage, ignored, linesOf, stages } from './deployment';

/** The folder that the image has as /app, made as the Dockerfile says, without the system around it. */
export interface Image {
  app: string;
  /** What the image sets. */
  env: { [name: string]: string };
  remove(): void;
}

/** Nobody's, where the tests are run by root; else whoever runs them, who is not root either. */
export const unprivileged = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function isSent(path: string): boolean {
  const inside = relative(projectRoot(), path);
  return !ignored.some((pattern) => {
    if (!pattern.startsWith('**/')) return inside === pattern;
    const name = pattern.slice('**/'.length).replaceAll('.', '\\.').replaceAll('*', '.*');
    return new RegExp(`^${name}$`).test(basename(inside));
  });
}

function runLine(line: string, cwd: string): void {
  // What was fetched once need not be fetched again.
  const env = { ...process.env, npm_config_prefer_offline: 'true' };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`RUN ${line} ended with ${status}:\n${stdout}${stderr}`);
}

/** `npm ci` with everything is what has installed the folder that these tests run in. */
const isInstalled = (line: string): boolean => line === 'npm ci';

function buildStage(name: string, folder: string): void {
  const stage = stages.find((each) => each.name === name);
  if (!stage) throw new Error(`no stage ${name}`);
  mkdirSync(folder);
  for (const { verb, rest } of stage.lines) {
    if (verb === 'COPY') {
      for (const from of rest.split(/ +/).slice(0, -1))
        cpSync(join(projectRoot(), from), join(folder, from), { recursive: true, filter: isSent });
    } else if (verb === 'RUN' && isInstalled(rest)) {
      symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
    } else if (verb === 'RUN') runLine(rest, folder);
  }
}

function variables(): { [name: string]: string } {
  const pairs = linesOf(finalStage, 'ENV').flatMap((line) => line.split(/ +/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** A minute or so. @throws where a line of the Dockerfile fails */
export function buildImage(): Image {
  const home = mkdtempSync(join(tmpdir(), 'launch-image-'));
  chmodSync(home, 0o755);
  const app = join(home, 'app');
  mkdirSync(app);
  const isBuilt = new Set<string>();
  for (const line of linesOf(finalStage, 'COPY')) {
    const [, from = '', path = '', to = ''] = /^--from=(\w+) \/app\/(\S+) \.\/(\S*)$/.exec(line) ?? [];
    const stage = join(home, from);
    if (!stages.some(({ name }) => name === from)) throw new Error(`COPY ${line}: no such stage`);
    if (!isBuilt.has(stage)) buildStage(from, stage);
    isBuilt.add(stage);
    mkdirSync(dirname(join(app, to || path)), { recursive: true });
    renameSync(join(stage, path), join(app, to || path));
  }
  return { app, env: variables(), remove: () => rmSync(home, { recursive: true, force: true }) };
}
