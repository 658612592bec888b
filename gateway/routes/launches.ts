import { possibleOnItem, type Asking, type PossibleAction } from '../../domain/possible';
import { ITEM_COMMANDS, LAUNCH_COMMANDS } from '../../domain/commands';
import { decisionRecord } from '../../domain/decision-record';
import { itemClocks } from '../../domain/item-clock-views';
import { itemPage } from '../../client/item-page';
import { LaunchError } from '../../client/errors';
import { boardAnswer, operating, seeing, whoAsks, type App, type Deps } from '../app';
import type { ReadBoard } from '../boards';
import { refusedAnyway, type Identity } from '../identity';
import { listLaunches } from '../launch-list';
import { compiled, planOf } from '../plans';
import * as schemas from '../schemas';

/** Whoever the operator does not act for can only look. */
function asking({ person, kind, actsFor }: Identity): Asking {
  return kind === 'operator' ? { by: actsFor ?? person } : { by: person, ...(kind === 'person' ? {} : { kind }) };
}

/** What may be said to a launch that does not answer: nothing, for one of two reasons. */
function silent(types: readonly string[], launch: string, { isOver }: ReadBoard) {
  const over = { code: 'ENDED', reason: `launch '${launch}' is over; it takes no more answers` };
  const away = { code: 'NO_WORKER', reason: `launch '${launch}' does not answer now; what is said has to wait for it` };
  return types.map((type) => ({ type, allowed: false, ...(isOver ? over : away) }));
}

/** Of the rules, or of the gateway. */
type Answered = Omit<PossibleAction, 'code'> & { code?: string };

/** What no launch would take from an agent, an observer, or an operator who acts for nobody is refused for that. */
function possibleFor(identity: Identity, actions: readonly PossibleAction[]): Answered[] {
  return actions.map((action) => {
    const refused = refusedAnyway(identity, action.type);
    return refused ? { type: action.type, allowed: false, code: refused.code, reason: refused.message } : action;
  });
}

/** An item of a launch that runs, or as its board was kept. */
async function itemAnswer(
  { launches, boards }: Deps,
  launch: string,
  { item, identity }: { item: string; identity: Identity }
) {
  const read = await boards.read(launch);
  const { board, live } = read;
  const known = board.items.find(({ id }) => id.toLowerCase() === item.toLowerCase());
  if (!known) throw new LaunchError('UNKNOWN_ITEM', `launch '${launch}' has no item '${item}'`);
  if (!live) return { ...known, launch, live, actions: silent(ITEM_COMMANDS, launch, read) };
  const state = await launches.itemState(launch, known.id);
  // What watches it is told where it can be; the rest is no less true without it.
  const watches = await launches.watches(launch, known.id).catch(() => []);
  const now = Date.now();
  return {
    ...known,
    ...itemPage(board, state, { watches, now }),
    live,
    actions: possibleFor(identity, possibleOnItem(state, asking(identity), now)),
    at: new Date(now).toISOString(),
    clocks: itemClocks(state, now),
    decision: decisionRecord(state) ?? null,
  };
}

/** What is read of launches. */
export function launchRoutes(app: App, deps: Deps): void {
  const { launches, boards } = deps;
  const tags = ['launches'];

  app.get(
    '/api/launches',
    {
      schema: {
        summary: 'Launches, the newest first',
        tags,
        querystring: schemas.launchesQuery,
        response: { 200: schemas.launchesAnswer },
      },
    },
    async (request) => await listLaunches(deps, { identity: whoAsks(request), ...request.query }, request.log)
  );

  app.post(
    '/api/launches',
    {
      schema: {
        summary: 'Start a launch of a plan (the operator)',
        tags,
        headers: schemas.keyHeaders,
        body: schemas.startBody,
        response: { 201: schemas.anything('{ launch, workflowId, runId, launchAt }') },
      },
    },
    async (request, reply) => {
      const { actsFor, person } = operating(request);
      const plan = compiled(request.body);
      const key = request.headers['idempotency-key'];
      const started = await launches.start({
        plan,
        by: actsFor ?? person,
        ...(typeof key === 'string' ? { key } : {}),
      });
      return reply.code(201).send({ ...started, launchAt: new Date(plan.launch.at).toISOString() });
    }
  );

  app.get(
    '/api/launches/:id',
    {
      schema: {
        summary: 'The board',
        tags,
        params: schemas.launchParams,
        response: {
          200: schemas.anything('Board (domain/board.ts) with { ledger: { position, head }, at, live, broken }'),
        },
      },
    },
    async (request) => {
      seeing(request, request.params.id);
      return boardAnswer(await boards.read(request.params.id));
    }
  );

  app.get(
    '/api/launches/:id/actions',
    {
      schema: {
        summary: 'What whoever asks may do to the launch now',
        tags,
        params: schemas.launchParams,
        response: { 200: schemas.actions },
      },
    },
    async (request) => {
      const { id } = request.params;
      const identity = seeing(request, id);
      const read = await boards.read(id);
      if (!read.live) return { actions: silent(LAUNCH_COMMANDS, id, read) };
      return { actions: possibleFor(identity, await launches.possible(id, asking(identity))) };
    }
  );

  app.get(
    '/api/launches/:id/items/:item',
    {
      schema: {
        summary: 'An item, and what whoever asks may do to it now',
        tags,
        params: schemas.itemParams,
        response: {
          200: schemas.anything('ItemPage (client/item-page.ts) with { live, actions, at, clocks, decision }'),
        },
      },
    },
    async (request) => {
      const { id, item } = request.params;
      return await itemAnswer(deps, id, { item, identity: seeing(request, id) });
    }
  );

  app.get(
    '/api/launches/:id/items/:item/state',
    {
      schema: {
        summary: 'An item as the rules see it, for programs that know them; of a launch that Temporal still has',
        tags,
        params: schemas.itemParams,
        response: { 200: schemas.anything('ItemState (domain/item-state.ts)') },
      },
    },
    async (request) => {
      const { id, item } = request.params;
      seeing(request, id);
      return await launches.itemState(id, item);
    }
  );

  app.get(
    '/api/launches/:id/plan',
    {
      schema: {
        summary: 'The compiled plan; an earlier revision where one is asked for',
        tags,
        params: schemas.launchParams,
        querystring: schemas.planQuery,
        response: { 200: schemas.anything('Plan (domain/plan.ts)') },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      return await planOf(deps, id, request.query.revision);
    }
  );
}
