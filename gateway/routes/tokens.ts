import { DAY } from '../../domain/units';
import { shownToken } from '../../prisma/tokens';
import { operating, type App, type Deps } from '../app';
import { Problem } from '../problem';
import { tokenBody, tokenMade, tokenParams, tokensAnswer } from '../schemas';

/** The operator makes, lists and revokes tokens. */
export function tokenRoutes(app: App, { keys: { tokens } }: Deps): void {
  app.get(
    '/api/tokens',
    { schema: { summary: 'All tokens, never what they are', tags: ['tokens'], response: { 200: tokensAnswer } } },
    async (request) => {
      operating(request);
      return { tokens: (await tokens.list()).map(shownToken) };
    }
  );

  app.post(
    '/api/tokens',
    {
      schema: {
        summary: 'Make a token for one person',
        tags: ['tokens'],
        body: tokenBody,
        response: { 201: tokenMade },
      },
    },
    async (request, reply) => {
      operating(request);
      const { days, ...wanted } = request.body;
      const { token, ...made } = await tokens.create({ ...wanted, expiresAt: Date.now() + days * DAY });
      return reply.code(201).send({ ...shownToken(made), token });
    }
  );

  app.delete(
    '/api/tokens/:id',
    { schema: { summary: 'Revoke a token, and what was signed in with it', tags: ['tokens'], params: tokenParams } },
    async (request, reply) => {
      operating(request);
      if (!(await tokens.revoke(request.params.id))) throw new Problem('NOT_FOUND', 'there is no such token');
      return reply.code(204).send();
    }
  );
}
