import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../stack/paths';
import { cleanEnv } from './cli';
import { ready, run, type Program } from './programs';

/** What every version of ours says of a launch in Temporal's page; the other version says it otherwise. */
const SAID = 'as things stand';
export const OTHER_SAID = 'as the second version sees it';

/** One version of the whole product, built. */
export interface Release {
  folder: string;
  /** Runs its `launch ARGS` to the end. */
  launch(...args: string[]): Promise<{ code: number | null; output: string }>;
  /** What that prints with --json. */
  json<T>(...args: string[]): Promise<{ code: number | null; value: T }>;
  /** Starts its worker as a version of the deployment; returns when it polls. */
  worker(...args: string[]): Promise<Program>;
}

/** The product as it is built here, in a folder of its own; `other` with workflows that say something else. */
export function release(env: { [name: string]: string }, kind: 'this' | 'other'): Release {
  const folder = mkdtempSync(join(tmpdir(), `launch-release-${kind}-`));
  const root = projectRoot();
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  mkdirSync(join(folder, 'prisma'));
  symlinkSync(join(root, 'prisma', 'migrations'), join(folder, 'prisma', 'migrations'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  if (kind === 'other') {
    const bundle = join(folder, 'dist', 'workflow-bundle.js');
    const code = readFileSync(bundle, 'utf8');
    if (!code.includes(SAID)) throw new Error(`the workflows no longer say '${SAID}'`);
    writeFileSync(bundle, code.replaceAll(SAID, OTHER_SAID));
  }
  const options = { cwd: folder, env: cleanEnv(env) };
  const start = (args: readonly string[]): Program =>
    run([process.execPath, join(folder, 'dist', 'cli', 'index.js'), ...args], options);
  return {
    folder,
    launch: async (...args) => {
      const program = start(args);
      return { code: await program.exit, output: program.output() };
    },
    json: async (...args) => {
      const program = start([...args, '--json']);
      const code = await program.exit;
      return { code, value: JSON.parse(program.output()) };
    },
    worker: (...args) => ready(start(['worker', ...args])),
  };
}
