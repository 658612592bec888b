import type { FastifyRequest } from 'fastify';
import { seeing, type App, type Deps } from '../app';
import { EventStream, type CatchingUp } from '../event-stream';
import { identifyAgain, maySee, type Identify } from '../identity';
import { Places } from '../places';
import { Problem } from '../problem';
import { eventsQuery, launchParams, position } from '../schemas';

type Page = Parameters<CatchingUp['read']>[0];

/** Where the reader was when its connection was lost. */
function resumeFrom(request: FastifyRequest, after: string | undefined): string | undefined {
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return after;
  const parsed = position.safeParse(last);
  if (parsed.success) return parsed.data;
  throw new Problem('BAD_INPUT', 'Last-Event-ID: expected the position of a fact');
}

/** A launch as it happens, for as long as somebody listens. */
export function eventRoutes(app: App, { boards, live, pages, streams }: Deps, identify: Identify): void {
  const places = new Places();
  const again = identifyAgain(identify);
  app.get(
    '/api/launches/:id/events',
    {
      // It would wait for an end that never comes.
      exposeHeadRoute: false,
      schema: {
        summary: 'Server-Sent Events: facts (their id is the position), boards, measurements; resumes by Last-Event-ID',
        tags: ['launches'],
        params: launchParams,
        querystring: eventsQuery,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const who = seeing(request, id);
      const after = resumeFrom(request, request.query.after);
      const leave = places.take(who.id);
      const read = await boards.read(id).catch((error: unknown) => {
        leave();
        throw error;
      });
      let unwatch = (): void => undefined;
      const stream: EventStream = new EventStream(reply, {
        log: request.log,
        // Whoever may not see it any more, sees no more of it.
        mayGoOn: async () => {
          if (!maySee(await again(request), id)) throw new Problem('NOT_FOUND', 'not any more');
        },
        ended: () => {
          leave();
          unwatch();
          streams.delete(stream);
        },
      });
      unwatch = live.watch(id, stream, read);
      streams.add(stream);
      stream.begin(read);
      const source = {
        seen: read.ledger.position,
        from: () => live.from(id),
        reach: async () => (await pages.reach(id)).position,
        read: (page: Page) => pages.facts({ launch: id, ...page }),
      };
      await stream.catchUp(source, after);
    }
  );
}
