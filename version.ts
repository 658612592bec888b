import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** The release that this code is of, as package.json says: beside this file, or above `dist`. */
export function packageVersion(): string {
  const root = existsSync(join(__dirname, 'package.json')) ? __dirname : dirname(__dirname);
  return manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}
