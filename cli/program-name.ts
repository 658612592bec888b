import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a person here calls this program: a clone has no `launch` on the PATH unless it was linked. */
export function programName(env: NodeJS.ProcessEnv = process.env): string {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return folders.some((folder) => existsSync(join(folder, 'launch'))) ? 'launch' : 'npx launch';
}

/** A line that the rules print, as it is typed here. */
export function typedAs(program: string, command: string): string {
  return command.replace(/^launch(?= )/, program);
}
