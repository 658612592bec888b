import type { StoredDelivery } from '../../prisma/deliveries';
import { rowsOf, seeing, type App, type Deps } from '../app';
import * as schemas from '../schemas';

function shownDelivery({ route: _route, notice, sentAt, createdAt, nextTryAt, ...row }: StoredDelivery) {
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  const { subject, text, about, urgent } = notice;
  return {
    ...row,
    subject,
    text,
    about,
    urgent,
    createdAt: iso(createdAt),
    sentAt: iso(sentAt),
    nextTryAt: iso(nextTryAt),
  };
}

/** What has been written down of a launch: runs of its checks, its facts, standups and messages. */
export function recordRoutes(app: App, deps: Deps): void {
  const { store, pages, boards, deliveries } = deps;
  const tags = ['launches'];

  app.get(
    '/api/launches/:id/measurements',
    {
      schema: {
        summary: "The last run of each criterion's check",
        tags,
        params: schemas.launchParams,
        response: { 200: schemas.anything('{ measurements }') },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      const { board } = await boards.read(id);
      const automatic = board.items.flatMap(({ id: item, criteria }) =>
        criteria.flatMap((each) => (each.automatic ? { item, criterion: each.id } : []))
      );
      return { measurements: await store.lastMeasurements(id, automatic) };
    }
  );

  app.get(
    '/api/launches/:id/items/:item/criteria/:criterion/measurements',
    {
      schema: {
        summary: "The runs of one criterion's check, in the order of writing or the newest first",
        tags,
        params: schemas.criterionParams,
        querystring: schemas.measurementsQuery,
        response: { 200: schemas.anything('{ measurements, next }') },
      },
    },
    async (request) => {
      const { id, item, criterion } = request.params;
      seeing(request, id);
      const { after, limit, order } = request.query;
      const newestFirst = order === 'newest';
      const wanted = { launch: id, item, criterion, after, limit, newestFirst };
      const measurements = await rowsOf(deps, id, store.measurements(wanted));
      return { measurements, next: measurements.length < limit ? null : measurements.at(-1)!.id };
    }
  );

  app.get(
    '/api/launches/:id/facts',
    {
      schema: {
        summary: 'The ledger, in the order of writing or the newest first',
        tags,
        params: schemas.launchParams,
        querystring: schemas.factsQuery,
        response: {
          200: schemas.anything('{ facts, next }; next is the `after` of the following page, or its `before`'),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      const facts = await rowsOf(deps, id, pages.facts({ launch: id, ...request.query }));
      return { facts, next: facts.length < request.query.limit ? null : facts.at(-1)!.position };
    }
  );

  app.get(
    '/api/launches/:id/standups',
    {
      schema: {
        summary: 'Standups, the last one first',
        tags,
        params: schemas.launchParams,
        querystring: schemas.standupsQuery,
        response: { 200: schemas.anything('{ standups }') },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      return { standups: await rowsOf(deps, id, store.standups(id, request.query.limit)) };
    }
  );

  app.get(
    '/api/launches/:id/outbox',
    {
      schema: {
        summary: 'Messages, the newest first',
        tags,
        params: schemas.launchParams,
        querystring: schemas.outboxQuery,
        response: { 200: schemas.anything('{ deliveries }') },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      const found = await rowsOf(deps, id, deliveries.list({ launch: id, limit: request.query.limit }));
      return { deliveries: found.map(shownDelivery) };
    }
  );
}
