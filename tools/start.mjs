/**
 * `npm start [-- ARGUMENTS]`: builds what is out of date and goes on as `launch up`, in this same process. A shell or a
 * parent between would keep an interrupt that is sent to npm from reaching the stack; so does the shell of npm, hence
 * the `exec` in package.json.
 */
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const code = build();
if (code !== 0) process.exit(code);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.argv = [process.argv[0], join(root, 'dist', 'cli', 'index.js'), 'up', '--example', ...process.argv.slice(2)];
Module.runMain();
