import { join } from 'node:path';
import { collect, command } from './command';
import { CliError, EXIT } from './failure';
import { aborted, untilInterrupted } from './interrupted';
import { listenOf } from './metrics';
import { LOG_LEVELS, servicesOf } from './services';

interface Options {
  listen: string;
  operatorToken?: string;
  behindProxy?: string | true;
  host?: string[];
  logLevel: string;
}

const PORT = 8_480;
const MOST_PROXIES = 10;
/** None of these is ever given to the log; should one be, it does not come out. */
const SECRETS = ['token', 'authorization', 'cookie', 'password', 'headers', 'databaseUrl'];

async function loggerOf(level: string) {
  if (!LOG_LEVELS.includes(level)) throw new CliError('BAD_INPUT', `--log-level takes one of ${LOG_LEVELS.join(', ')}`);
  const { pino, destination } = await import('pino');
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  // Standard output is for `ready`, which whoever started it waits for.
  return pino({ level, redact: { paths, remove: true } }, destination(2));
}

/** Node's own words for a port that is taken say nothing of what to do. */
function explained(error: unknown, { listen }: Options): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  const why = code === 'EADDRINUSE' ? 'another program listens there' : 'it is not an address to listen on here';
  const message = `The gateway cannot be served at ${listen}: ${why}. Give another address: --listen HOST:PORT.`;
  return new CliError('PORT_TAKEN', message, { exit: EXIT.unreachable });
}

function proxiesOf(given: string | true | undefined): number {
  if (given === undefined) return 0;
  const count = given === true ? 1 : Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PROXIES) return count;
  const message = `--behind-proxy takes how many proxies stand one behind the other, 1 to ${MOST_PROXIES}, or nothing for one; found ${given}`;
  throw new CliError('BAD_INPUT', message);
}

export const gateway = () =>
  command<Options>(
    'gateway',
    {
      summary: "run the gateway: the API, the events and the page; 'launch up' has one of its own",
      examples: [
        'TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgres://… launch gateway --listen 0.0.0.0:8480 --behind-proxy --host launch.example.com',
        'launch gateway --operator-token .launch/operator-token --listen 127.0.0.1:8481',
      ],
    },
    async ({ options, say, answer }) => {
      const { data, behindProxy, logLevel, operatorToken: file, host: hosts } = options;
      const listen = listenOf(options.listen, PORT);
      const proxies = proxiesOf(behindProxy);
      const log = await loggerOf(logLevel);
      const { databaseUrl, ...target } = await servicesOf(data, 'A gateway knows by it who is asking');
      const [{ startGateway }, { readOperatorToken }, { projectRoot }] = await Promise.all([
        import('../gateway/index.js'),
        import('../stack/operator-token.js'),
        import('../stack/paths.js'),
      ]);
      const operatorToken = file === undefined ? undefined : readOperatorToken(file);
      const stop = untilInterrupted();
      const page = join(projectRoot(), 'dist', 'web');
      const settings = { target, databaseUrl, listen, operatorToken, proxies, hosts, log, page };
      const running = await startGateway(settings).catch((error: unknown) => Promise.reject(explained(error, options)));
      say(`Gateway   ${running.url}`);
      say('ready');
      answer({ ready: true, pid: process.pid, gateway: running.url });
      await aborted(stop);
      await running.close();
    }
  )
    .option('--listen <address>', 'HOST:PORT', `127.0.0.1:${PORT}`)
    .option('--operator-token <file>', 'who brings the token in this file is the operator; without it nobody is')
    .option(
      '--behind-proxy [count]',
      'believe the last entries of X-Forwarded-For and X-Forwarded-Proto, as many as proxies stand in front (1): only where they set them'
    )
    .option('--host <name>', 'a name by which it is reached, without a port; may be repeated', collect)
    .option('--log-level <level>', LOG_LEVELS.join(', '), process.env['LOG_LEVEL'] || 'info');
