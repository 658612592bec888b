#!/usr/bin/env node
import { main } from './program';

/**
 * Node looks up names and reads files in four threads, of the whole process: a resolver that does not answer, or a dead
 * network disk, would take them from every other check. Read when the first of them is needed, so it can be set here.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '64';

// A reader that closes early (`launch status | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void main(process.argv.slice(2));
