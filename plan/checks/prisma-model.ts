import { z } from 'zod';
import { id } from '../schema/scalars';
import { relative } from './files';

const prismaName = (what: string) =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, { error: `${what} as Prisma has it: letters, digits and "_"` });
const fieldType = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*(\?|\[\])?$/, { error: 'a type as Prisma writes it: String, Int?, DateTime, Post[]' });

export const prismaModelCheck = z
  .strictObject({
    type: z.literal('prisma-model').describe('A model in a Prisma schema, its migration, and its table.'),
    schema: relative.optional().meta({
      description: "Path below the worker's folder: a file, or a folder of `.prisma` files.",
      default: 'prisma/schema.prisma',
    }),
    model: prismaName('a model').describe('Name of the model that must be there.'),
    fields: z
      .record(prismaName('a field'), fieldType)
      .refine((fields) => Object.keys(fields).length > 0, { error: 'at least one field' })
      .optional()
      .describe('Fields that it must have, with their types as Prisma writes them; it may have more.'),
    migration: z
      .union(
        [
          z.literal(true),
          z.strictObject({
            folder: relative
              .optional()
              .meta({ description: "Path below the worker's folder.", absent: '`migrations` beside the schema' }),
          }),
        ],
        { error: 'true, or { folder: PATH }' }
      )
      .optional()
      .describe("Whether a migration must create the model's table: `true`, or in which folder they are."),
    database: id
      .optional()
      .describe("Name of a database in the worker's configuration in which its table and columns must be."),
  })
  .describe('Looks at a Prisma schema.');

export type PrismaModelCheck = z.infer<typeof prismaModelCheck>;
