import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasCode, reasonOf, StackError } from './errors';

export interface Listen {
  host: string;
  /** 0: the system picks one. */
  port: number;
}

export interface MetricsServer {
  /** Of the metrics themselves. */
  url: string;
  close(): Promise<void>;
}

/** An exposition and its content type. */
export interface Exposition {
  contentType: string;
  text: string;
}

const shown = ({ host, port }: Listen): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function answering(expose: () => Promise<Exposition>): RequestListener {
  let under: Promise<Exposition> | undefined;
  return (request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/metrics') return void response.writeHead(404).end('See /metrics\n');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
    // Who asks while it is being read gets the same answer: nobody can make it read twice at once.
    under ??= expose().finally(() => (under = undefined));
    under.then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end()
    );
  };
}

/**
 * Serves `/metrics`, read anew for each scrape, until it is closed.
 * @throws StackError PORT_TAKEN where the address cannot be listened on
 */
export async function serveMetrics(listen: Listen, expose: () => Promise<Exposition>): Promise<MetricsServer> {
  const server = createServer(answering(expose));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(untaken(listen, error)));
    server.listen({ ...listen, exclusive: true }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${shown({ ...listen, port })}/metrics`, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function untaken(listen: Listen, error: unknown): StackError {
  const why = hasCode(error, 'EADDRINUSE') ? 'another program listens there' : reasonOf(error);
  return new StackError(
    'PORT_TAKEN',
    `Metrics cannot be served at ${shown(listen)}: ${why}. Give another address: --listen HOST:PORT.`
  );
}
