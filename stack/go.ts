import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandOptions } from './run-command';
import type { Report } from './report';

/** From here on `go` fetches the newer toolchain that a go.mod asks for by itself. */
const SELF_UPGRADING_MINOR = 21;
const TOOLCHAIN_WITHIN_MS = 5 * 60_000;

export interface GoCommand {
  command: string;
  env: NodeJS.ProcessEnv;
}

/**
 * A `go` that can build the module in `folder`. Where the one on PATH is too old to upgrade itself, it can still
 * download the newer one as a module. Returns one line saying why there is none.
 */
export async function findGo(folder: string, env: NodeJS.ProcessEnv, report: Report): Promise<GoCommand | string> {
  const wanted = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1];
  if (!wanted) return `build: ${folder}/go.mod names no Go version`;
  const goEnv = { GOTOOLCHAIN: 'auto', ...env };
  const found = await goSays(['env', 'GOVERSION'], { cwd: '/', env: { ...goEnv, GOTOOLCHAIN: 'local' } });
  const minor = Number(/^go1\.(\d+)/.exec(found ?? '')?.[1]);
  if (!found || Number.isNaN(minor))
    return `build: no 'go' on PATH (any of 1.13 or later will do, it fetches ${wanted})`;
  if (minor >= SELF_UPGRADING_MINOR) return { command: 'go', env: goEnv };
  report(`Go on PATH is ${found}; fetching Go ${wanted}`);
  return await fetchToolchain(wanted, env);
}

async function fetchToolchain(wanted: string, env: NodeJS.ProcessEnv): Promise<GoCommand | string> {
  const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' };
  const processor = process.arch === 'x64' ? 'amd64' : process.arch;
  const module = `golang.org/toolchain@v0.0.1-go${wanted}.${systems[process.platform] ?? process.platform}-${processor}`;
  const options = { cwd: '/', env: { ...env, GO111MODULE: 'on', GOFLAGS: '-mod=mod' }, timeoutMs: TOOLCHAIN_WITHIN_MS };
  const { code, lastLines } = await runCommand('go', ['mod', 'download', module], options);
  if (code !== 0) return `build: Go ${wanted} could not be fetched: ${lastLines}`;
  const modules = await goSays(['env', 'GOMODCACHE'], options);
  if (!modules) return 'build: go names no module cache';
  const root = join(modules, module);
  makeExecutable(join(root, 'bin'));
  makeExecutable(join(root, 'pkg', 'tool'));
  return { command: join(root, 'bin', 'go'), env: { ...env, GOTOOLCHAIN: 'local', GOROOT: root } };
}

/** Modules are zipped without modes. */
function makeExecutable(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o555);
  }
}

async function goSays(args: string[], options: CommandOptions): Promise<string | undefined> {
  const { code, lastLines } = await runCommand('go', args, options);
  return code === 0 ? lastLines.trim() : undefined;
}
