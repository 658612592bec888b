import type { Launches } from '../client/launches';
import type { Listen, MetricsServer } from '../stack/metrics-server';
import { command } from './command';
import { CliError } from './failure';
import { aborted, untilInterrupted } from './interrupted';

/** Of those that Prometheus keeps for exporters, the one that nearly every library takes for its own program. */
const PORT = 9_464;
const LOOPBACK = '127.0.0.1';
const ADDRESS = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/;
const MOST_PORT = 65_535;

/** @throws CliError BAD_INPUT */
export function listenOf(text: string, port = PORT): Listen {
  const [, v6, name, given] = ADDRESS.exec(text) ?? [];
  const host = v6 ?? name;
  if (host !== undefined && Number(given) <= MOST_PORT) return { host, port: Number(given) };
  throw new CliError('BAD_INPUT', `--listen ${text}: expected HOST:PORT, for example ${LOOPBACK}:${port}`);
}

async function serve(launches: Launches, listen: Listen): Promise<MetricsServer> {
  const [{ readLaunches, registryOf }, { serveMetrics }] = await Promise.all([
    import('../client/metrics.js'),
    import('../stack/metrics-server.js'),
  ]);
  return await serveMetrics(listen, async () => {
    const registry = registryOf(await readLaunches(launches));
    return { contentType: registry.contentType, text: await registry.metrics() };
  });
}

/** The metrics of a stack on this machine: at the usual port if it is free, else at one that the system picks. */
export async function serveLocally(launches: Launches): Promise<MetricsServer> {
  return await serve(launches, { host: LOOPBACK, port: PORT }).catch(() =>
    serve(launches, { host: LOOPBACK, port: 0 })
  );
}

export const metrics = () =>
  command<{ listen: string }>(
    'metrics',
    {
      summary: "serve the launches' metrics to Prometheus; 'launch up' does too",
      examples: ['launch metrics', 'TEMPORAL_ADDRESS=temporal:7233 launch metrics --listen 0.0.0.0:9464'],
    },
    async ({ options, session, say, answer }) => {
      const listen = listenOf(options.listen);
      const stop = untilInterrupted();
      await session(async ({ launches }) => {
        const { url, close } = await serve(launches, listen);
        say(`Metrics   ${url}`);
        say('ready');
        answer({ ready: true, pid: process.pid, metrics: url });
        await aborted(stop);
        await close();
      });
    }
  ).option('--listen <address>', 'HOST:PORT', `${LOOPBACK}:${PORT}`);
