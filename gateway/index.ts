import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { connect, type Target } from '../client/connection';
import { createLaunches } from '../client/launches';
import { openDatabase } from '../prisma/database';
import { createDeliveryStore } from '../prisma/deliveries';
import { createLedger } from '../prisma/ledger';
import { createPages } from '../prisma/pages';
import { createStore } from '../prisma/store';
import { createTokenStore } from '../prisma/tokens';
import { Boards } from './boards';
import type { EventStream } from './event-stream';
import { Live } from './live';
import { Reports } from './reports';
import { createServer, type ServerOptions } from './server';
import { Verifier } from './verifier';

export interface GatewaySettings extends ServerOptions {
  target: Target;
  databaseUrl: string;
  /** `port` 0: the system picks one. */
  listen: { host: string; port: number };
  /** Without one nobody is the operator here. */
  operatorToken?: string;
  log: FastifyBaseLogger;
}

export interface RunningGateway {
  url: string;
  close(): Promise<void>;
}

function shown(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/**
 * Listens, once Temporal answers; the database may come later.
 * @throws LaunchError UNREACHABLE, ConfigError, LedgerError of a database URL that is none, what node's listen throws
 */
export async function startGateway(settings: GatewaySettings): Promise<RunningGateway> {
  const { log, listen } = settings;
  const connected = await connect(settings.target);
  const database = openDatabase(settings.databaseUrl);
  const launches = createLaunches(connected);
  const pages = createPages(database);
  const store = createStore(database);
  const ledger = createLedger(database);
  const boards = new Boards({ launches, pages, store, ledger, log });
  const live = new Live({ pages, boards, log });
  const verifier = new Verifier({ ledger, keptHead: (launch) => launches.ledgerHead(launch), log });
  const reports = new Reports({ launches, databaseUrl: settings.databaseUrl });
  const keys = { tokens: createTokenStore(database), operator: settings.operatorToken };
  const stores = { store, deliveries: createDeliveryStore(database), pages };
  const hosts = [...(settings.hosts ?? []), listen.host];
  const looking = { boards, live, verifier, reports, streams: new Set<EventStream>() };
  const app = await createServer({ connected, launches, ...stores, keys, ...looking }, { ...settings, hosts });
  const close = async (): Promise<void> => {
    // Requests that are under way are waited for: not those that take long.
    await reports.stop();
    await app.close();
    await Promise.all([live.stop(), boards.stop(), verifier.stop()]);
    await Promise.all([database.close(), connected.close()]);
  };
  try {
    await app.listen(listen);
  } catch (error) {
    await close();
    throw error;
  }
  boards.start();
  verifier.start();
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://${shown(listen.host)}:${port}`, close };
}
