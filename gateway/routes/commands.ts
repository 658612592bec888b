import type { FastifyRequest } from 'fastify';
import { LaunchError } from '../../client/errors';
import type { ItemCommand, LaunchCommand, Said } from '../../domain/commands';
import { refuseKind } from '../../domain/speakers';
import { seeing, type App, type Deps } from '../app';
import { itemCommand, launchCommand } from '../commands';
import { speaking } from '../identity';
import { accepted, itemParams, keyHeaders, launchParams } from '../schemas';

/** Who says it, as what, and under which key: never what the body claims. Refused here is what no launch would take. */
function said(request: FastifyRequest, launch: string, { type }: { type: string }): Said {
  const speaker = speaking(seeing(request, launch));
  const refused = refuseKind({ type, kind: speaker.kind });
  if (refused) throw new LaunchError(refused.code, refused.message);
  const key = request.headers['idempotency-key'];
  return { ...speaker, ...(typeof key === 'string' ? { key } : {}) };
}

/** Everything that people and agents say to launches and items. */
export function commandRoutes(app: App, { launches }: Deps): void {
  const tags = ['commands'];

  app.post(
    '/api/launches/:id/commands',
    {
      schema: {
        summary: 'Say something to a launch',
        tags,
        params: launchParams,
        headers: keyHeaders,
        body: launchCommand,
        response: { 200: accepted },
      },
    },
    async (request) => {
      const { id } = request.params;
      const command = { ...request.body, ...said(request, id, request.body) };
      // An amendment's plan is read by shape where it is told.
      return await launches.tell(id, command as unknown as LaunchCommand);
    }
  );

  app.post(
    '/api/launches/:id/items/:item/commands',
    {
      schema: {
        summary: 'Say something to an item',
        tags,
        params: itemParams,
        headers: keyHeaders,
        body: itemCommand,
        response: { 200: accepted },
      },
    },
    async (request) => {
      const { id, item } = request.params;
      const command: ItemCommand = { ...request.body, ...said(request, id, request.body) };
      return await launches.tellItem(id, item, command);
    }
  );
}
