/**
 * Every type of check, by name. A further type is its schema here and its run in `activities/checks/<type>.ts`, each
 * with one line in its registry.
 */
import { z } from 'zod';
import { commandCheck } from './command';
import { filesCheck } from './files';
import { githubCheck } from './github';
import { httpCheck } from './http';
import { itemsCheck } from './items';
import { mcpCheck } from './mcp';
import { prismaModelCheck } from './prisma-model';
import { sqlCheck } from './sql';
import { tcpCheck } from './tcp';

export const CHECK_SCHEMAS = {
  http: httpCheck,
  files: filesCheck,
  tcp: tcpCheck,
  mcp: mcpCheck,
  command: commandCheck,
  github: githubCheck,
  sql: sqlCheck,
  'prisma-model': prismaModelCheck,
  items: itemsCheck,
} as const;
export type CheckType = keyof typeof CHECK_SCHEMAS;
export const CHECK_TYPES = Object.keys(CHECK_SCHEMAS) as CheckType[];

const [first, ...rest] = Object.values(CHECK_SCHEMAS);
export const check = z.discriminatedUnion('type', [first!, ...rest], {
  error: `a check of a type that is known: ${CHECK_TYPES.join(', ')}`,
});
export type CheckConfig = z.infer<typeof check>;
