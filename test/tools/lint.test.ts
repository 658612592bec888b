import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../stack/paths';

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), help: z.string().optional() })),
});

/** Small files, each of which breaks one rule, linted with the project's own configuration. */
const FILES = {
  'domain/node.ts': "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
  'domain/library.ts': "import { z } from 'zod'; export const a = z;",
  'domain/hashes.ts': "import { sha256 } from '@noble/hashes/sha2.js'; export const a = sha256;",
  'domain/own.ts': "import { a } from './hashes'; export const b = a;",
  'plan/server.ts': "import { Connection } from '@temporalio/client'; export const a = Connection;",
  'plan/rules.ts': "import { a } from '../domain/hashes'; export const b = a;",
  'activities/run.ts': 'export const run = 1; export type Run = 1;',
  'workflows/values.ts': "import { run } from '../activities/run'; export const a = run;",
  'workflows/types.ts': "import type { Run } from '../activities/run'; export type A = Run;",
  'workflows/node.ts': "import { join } from 'path'; export const a = join;",
  'workflows/messages.ts': 'export const m = 1;',
  'client/messages.ts': "import { m } from '../workflows/messages'; export const a = m;",
  'client/workflow.ts': "import { a } from '../workflows/values'; export const b = a;",
  'cli/direct.ts': "import { m } from '../prisma/store'; export const a = m;",
  'prisma/store.ts': 'export const m = 1;',
  'plan/floating.ts': 'export async function f(): Promise<void> { f(); }',
  'plan/switch.ts': "export function f(q: 'x' | 'y'): number { switch (q) { case 'x': return 1; } return 2; }",
  'plan/parameters.ts': 'export const f = (a: number, b: number, c: number, d: number): number => a + b + c + d;',
  'plan/console.ts': "console.log('x');",
  'plan/default.ts': 'export default 1;',
  'stack/one.ts': "import { two } from './two'; export const one = (): number => two();",
  'stack/two.ts': "import { one } from './one'; export const two = (): number => one();",
  'gateway/answers.ts': 'export const run = 1; export type Answer = 1;',
  'web/src/direct.ts': "import { m } from '../../client/messages'; export const a = m;",
  'web/src/server.tsx': "import { run } from '../../gateway/answers'; export const a = run;",
  'web/src/types.ts': "import type { Answer } from '../../gateway/answers'; export type A = Answer;",
  'web/src/rules.tsx': "import { a } from '../../domain/hashes'; export const b = a;",
  'test/skipped.test.ts': "test.skip('later', () => {});",
};

let folder: string;
let found: Map<string, { code: string; help?: string }>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-lint-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(projectRoot(), file), join(folder, file));
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `${text}\n`);
  }
  const oxlint = join(projectRoot(), 'node_modules', '.bin', 'oxlint');
  const { stdout } = spawnSync(oxlint, ['--type-aware', '-f', 'json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = reportSchema.parse(JSON.parse(stdout));
  found = new Map(diagnostics.map(({ filename, code, help }) => [filename, { code, help }]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['domain/node.ts', 'no-restricted-imports'],
  ['domain/library.ts', 'no-restricted-imports'],
  ['plan/server.ts', 'no-restricted-imports'],
  ['workflows/values.ts', 'no-restricted-imports'],
  ['workflows/node.ts', 'no-restricted-imports'],
  ['client/workflow.ts', 'no-restricted-imports'],
  ['cli/direct.ts', 'no-restricted-imports'],
  ['web/src/direct.ts', 'no-restricted-imports'],
  ['web/src/server.tsx', 'no-restricted-imports'],
  ['plan/floating.ts', 'no-floating-promises'],
  ['plan/switch.ts', 'switch-exhaustiveness-check'],
  ['plan/parameters.ts', 'max-params'],
  ['plan/console.ts', 'no-console'],
  ['plan/default.ts', 'no-default-export'],
  ['stack/one.ts', 'no-cycle'],
  ['test/skipped.test.ts', 'no-disabled-tests'],
])('%s is refused by %s', (file, rule) => {
  expect(found.get(file)?.code).toContain(rule);
  if (rule === 'no-restricted-imports') expect(found.get(file)?.help).toMatch(/^\w+\/? /);
});

test.each([
  'domain/hashes.ts',
  'domain/own.ts',
  'plan/rules.ts',
  'workflows/types.ts',
  'client/messages.ts',
  'web/src/types.ts',
  'web/src/rules.tsx',
])('%s is allowed', (file) => {
  expect(found.get(file)).toBeUndefined();
});
