import { reachOf, seeing, type App, type Deps } from '../app';
import { ledgerAnswer, launchParams } from '../schemas';
import { NOTHING_YET } from '../verifier';

/** The number of a head, as `pages.reach` gives it. */
function numberOf(head: string | null): number {
  return head === null ? 0 : Number(head.split(':', 1)[0]);
}

/** How the ledger of a launch stands: what it holds, and how far it is known to be as it was written. */
export function ledgerRoutes(app: App, deps: Deps): void {
  const { verifier } = deps;
  app.get(
    '/api/launches/:id/ledger',
    {
      schema: {
        summary: 'How far the ledger goes, and how far it was verified; never waits for that',
        tags: ['launches'],
        params: launchParams,
        response: { 200: ledgerAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      seeing(request, id);
      const { head } = await reachOf(deps, id);
      const known = verifier.of(id);
      // Where nothing is there any more Temporal may know that there was; else nothing was written yet.
      const shown = head === null && known.state === 'sound' ? NOTHING_YET : known;
      return { entries: numberOf(head), head, ...shown };
    }
  );
}
