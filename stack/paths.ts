import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StackError } from './errors';

/** The folder with package.json: this file is either `stack/paths.ts` or `dist/stack/paths.js`. */
export function projectRoot(): string {
  const above = dirname(__dirname);
  return existsSync(join(above, 'package.json')) ? above : dirname(above);
}

/**
 * A compiled file of ours, to be run by node as a process of its own.
 * @param path as in the sources with `.js`, for example `stack/guard.js`
 * @throws StackError NOT_BUILT
 */
export function compiled(path: string): string {
  const file = join(projectRoot(), 'dist', path);
  if (!existsSync(file)) throw new StackError('NOT_BUILT', `${file} does not exist. Build first: npm run build`);
  return file;
}

/** Where downloaded and built programs are kept between projects and runs. */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform
): string {
  if (env['LAUNCH_CACHE']) return resolve(env['LAUNCH_CACHE']);
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'launch-director');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'launch-director');
  if (platform === 'win32' && env['LOCALAPPDATA']) return join(env['LOCALAPPDATA'], 'launch-director');
  return join(homedir(), '.cache', 'launch-director');
}
