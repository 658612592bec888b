/**
 * Stands in for a staging environment: a proxy that answers 502 while nothing that runs is deployed behind it, and else
 * what the app answers. What is deployed is a file of the world, read at every request.
 *
 *   node staging.mjs PORT WORLD
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [port, world] = process.argv.slice(2);
const APP = join(world, 'staging', 'app.json');

/** The app that is deployed, or undefined where none is, or one that cannot start. */
async function deployedApp() {
  try {
    const app = JSON.parse(await readFile(APP, 'utf8'));
    return typeof app === 'object' && app !== null ? app : undefined;
  } catch {
    return undefined;
  }
}

function answerOf(app, path) {
  if (!app) return { status: 502, type: 'text/plain', body: 'Bad Gateway\n' };
  const { release = 'unknown', health = {} } = app;
  const status = health.status === 'ok' ? 200 : 503;
  if (path === '/health')
    return { status, type: 'application/json', body: `${JSON.stringify({ release, ...health })}\n` };
  if (path === '/') return { status: 200, type: 'text/plain', body: `Staging, release ${release}\n` };
  return { status: 404, type: 'text/plain', body: 'Not Found\n' };
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://staging');
  const { status, type, body } = answerOf(await deployedApp(), pathname);
  response.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? '' : body);
  console.log(`${new Date().toISOString()} ${request.method} ${pathname} ${status}`);
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
