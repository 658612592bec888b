import { Gauge, Histogram, Registry } from 'prom-client';
import { z } from 'zod';
import { withDeadline } from '../../client/connection';
import { readLaunches, registryOf } from '../../client/metrics';
import type { App, Deps } from '../app';
import { isLocal, type Identify } from '../identity';
import { Problem } from '../problem';

const READY_WITHIN_MS = 3_000;
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

const state = z.enum(['ok', 'down']);
const ready = z.object({ ready: z.boolean(), temporal: state, database: state });

/** For those who watch the gateway: whether it lives, whether it can work, and what it has done. */
export function healthRoutes(app: App, deps: Deps, identify: Identify): void {
  const { connected, pages, launches, streams } = deps;
  const tags = ['operation'];
  const registry = new Registry();
  const durations = new Histogram({
    name: 'launch_gateway_request_duration_seconds',
    help: 'How long requests took, by route and status; streams of events apart.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  new Gauge({
    name: 'launch_gateway_event_streams',
    help: 'Pages that are connected to the events of a launch.',
    registers: [registry],
    collect() {
      this.set(streams.size);
    },
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime, raw }) => {
    if (raw.getHeader('content-type') === 'text/event-stream') return;
    durations.observe({ method, route: routeOptions.url ?? 'none', status: statusCode }, elapsedTime / 1_000);
  });

  const open = { open: true, rateLimit: false as const };
  app.get(
    '/healthz',
    {
      config: open,
      schema: { summary: 'It lives', tags, security: [], response: { 200: z.object({ ok: z.boolean() }) } },
    },
    async () => ({ ok: true })
  );

  const works = async (asked: Promise<unknown>): Promise<'ok' | 'down'> =>
    await asked.then(
      () => 'ok',
      () => 'down'
    );
  app.get(
    '/readyz',
    { config: open, schema: { summary: 'It can work', tags, security: [], response: { 200: ready, 503: ready } } },
    async (_request, reply) => {
      const system = () => connected.client.workflowService.getSystemInfo({});
      const [temporal, database] = await Promise.all([
        works(withDeadline(connected, system, READY_WITHIN_MS)),
        works(pages.ping()),
      ]);
      const isReady = temporal === 'ok' && database === 'ok';
      return reply.code(isReady ? 200 : 503).send({ ready: isReady, temporal, database });
    }
  );

  app.get(
    '/metrics',
    {
      config: open,
      schema: { summary: 'For Prometheus; from elsewhere with a token for all launches', tags, hide: true },
    },
    async (request, reply) => {
      // They name launches.
      if (!isLocal(request) && (await identify(request)).launches !== '*')
        throw new Problem('METRICS_REFUSED', 'metrics are for this machine, or for a token of all launches');
      const ofLaunches = registryOf(await readLaunches(launches));
      return reply.type(registry.contentType).send(await Registry.merge([registry, ofLaunches]).metrics());
    }
  );
}
