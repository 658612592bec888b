import { z } from 'zod';
import { REPORT_FORMATS, type ReportFormat } from '../../report/format';
import { REPORT_POLICY } from '../../report/html';
import { reportSchema } from '../../report/schema';
import { seeing, type App, type Deps } from '../app';
import * as schemas from '../schemas';

const TYPES: { readonly [format in ReportFormat]: string } = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
};
/** It is shown for itself, and does nothing. */
const POLICY = `${REPORT_POLICY}; frame-ancestors 'none'; sandbox`;

const query = z.object({
  format: z.enum(REPORT_FORMATS).default('html'),
  download: z.enum(['', '0', '1', 'false', 'true']).optional().describe('as a file to keep'),
});

const text = z.string();

/** All that is worth keeping of a launch in one file, also when Temporal has forgotten it. */
export function reportRoutes(app: App, { reports }: Deps): void {
  app.get(
    '/api/launches/:id/report',
    {
      schema: {
        summary: 'The report: one self-contained file',
        tags: ['launches'],
        params: schemas.launchParams,
        querystring: query,
        response: {
          200: {
            description: 'As `format` says; the object is what the others are made of',
            content: {
              'application/json': { schema: reportSchema },
              'text/html': { schema: text },
              'text/markdown': { schema: text },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      seeing(request, id);
      const { format, download } = request.query;
      const body = await reports.read(id, format);
      const isFile = download !== undefined && download !== '0' && download !== 'false';
      // Of an id are letters, digits and ._- alone.
      const name = `attachment; filename="${id}-report.${format}"`;
      if (isFile) reply.header('content-disposition', name);
      return reply
        .type(TYPES[format])
        .header('content-security-policy', POLICY)
        .serializer((sent: unknown) => sent as string)
        .send(body as never);
    }
  );
}
