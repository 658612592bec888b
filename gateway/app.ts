import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Connected } from '../client/connection';
import type { Launches } from '../client/launches';
import type { DeliveryStore } from '../prisma/deliveries';
import type { LedgerReach, Pages } from '../prisma/pages';
import type { Store } from '../prisma/store';
import type { EventStream } from './event-stream';
import type { BoardAnswer } from './answers';
import { isGone, type Boards, type ReadBoard } from './boards';
import { maySee, type Identity, type Keys } from './identity';
import type { Live } from './live';
import type { Reports } from './reports';
import { Problem } from './problem';
import type { Verifier } from './verifier';

/** Every request is parsed by zod where it enters. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes work with. */
export interface Deps {
  connected: Connected;
  launches: Launches;
  store: Store;
  deliveries: DeliveryStore;
  pages: Pages;
  keys: Keys;
  boards: Boards;
  live: Live;
  reports: Reports;
  verifier: Verifier;
  /** Open ones. */
  streams: Set<EventStream>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the request was identified; open routes never are. */
    identity: Identity | null;
  }
}

/** Who is asking. @throws Problem where a route forgot to ask first, which is a mistake of ours and fails closed */
export function whoAsks({ identity }: FastifyRequest): Identity {
  if (!identity) throw new Problem('UNAUTHENTICATED', 'nobody was identified');
  return identity;
}

/** What they may not know of is not there for them. @throws Problem NOT_FOUND */
export function seeing(request: FastifyRequest, launch: string): Identity {
  const identity = whoAsks(request);
  if (maySee(identity, launch)) return identity;
  throw new Problem('NOT_FOUND', `there is no launch '${launch}'`);
}

/** How far the ledger of a launch goes; where it has nothing there may still be one. @throws LaunchError NOT_FOUND; LedgerError */
export async function reachOf({ pages, boards }: Pick<Deps, 'pages' | 'boards'>, launch: string): Promise<LedgerReach> {
  const reach = await pages.reach(launch);
  if (reach.head !== null || reach.position !== '0') return reach;
  await boards.read(launch).catch((error: unknown) => {
    if (isGone(error)) throw error;
  });
  return reach;
}

/** Rows of a launch as they were found: none at all may be of a launch that there is not. @throws as `reachOf` */
export async function rowsOf<T>(deps: Deps, launch: string, found: Promise<T[]>): Promise<T[]> {
  const rows = await found;
  if (rows.length === 0) await reachOf(deps, launch);
  return rows;
}

/** @throws Problem OPERATOR_ONLY */
export function operating(request: FastifyRequest): Identity {
  const identity = whoAsks(request);
  if (identity.kind === 'operator') return identity;
  throw new Problem('OPERATOR_ONLY', 'this is for the operator alone, who has the token of the gateway itself');
}

/** A board as it is answered and sent. */
export function boardAnswer({ board, ledger, at, live, isBroken = false }: ReadBoard): BoardAnswer {
  return { ...board, ledger, at: new Date(at).toISOString(), live, broken: isBroken };
}
