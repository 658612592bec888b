import { defineConfig } from 'prisma/config';

/** For the Prisma command line (`generate`, `studio`, `migrate deploy`); the application itself uses `prisma/migrate.ts`. */
// eslint-disable-next-line import/no-default-export -- the command line looks for the default export
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
