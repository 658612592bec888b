import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode, reasonOf, StackError } from './errors';
import { projectRoot } from './paths';

/** Something of the playground's world that is broken when it is made. */
export interface Thing {
  name: string;
  /** How it is, in words: where it is broken, and where it is fixed. */
  broken: string;
  fixed: string;
  /** The item of the example that looks at it, and its criteria that do. */
  item: string;
  criteria: readonly string[];
}

/** The files that make one whole are in `playground/fixed/NAME`, those of the broken world in `playground/world`. */
export const THINGS: readonly Thing[] = [
  {
    name: 'staging',
    broken: 'it answers 502: nothing is deployed behind it',
    fixed: 'it answers 200, and its health checks are ok',
    item: 'BLOCKER-STAGING-001',
    criteria: ['reachable', 'health'],
  },
  {
    name: 'index',
    broken: 'there is none: query_support says "No latest index found"',
    fixed: 'it is filled, and query_support gives results',
    item: 'BLOCKER-LLAMAINDEX-INDEX-001',
    criteria: ['filled', 'answers'],
  },
  {
    name: 'dashboardfact',
    broken: 'the Prisma schema has no model DashboardFact',
    fixed: 'the Prisma schema has the model DashboardFact, and a migration creates its table',
    item: 'BLOCKER-DASHBOARDFACT-001',
    criteria: ['model', 'migration'],
  },
  {
    name: 'services',
    broken: 'those of analytics read facts from logs',
    fixed: 'those of analytics use prisma.dashboardFact',
    item: 'BLOCKER-DASHBOARDFACT-001',
    criteria: ['services'],
  },
  {
    name: 'guides',
    broken: 'one of the two is missing',
    fixed: 'both are in place',
    item: 'BLOCKER-DATABASE-CONFUSION',
    criteria: ['guides'],
  },
  {
    name: 'audit-log',
    broken: 'code reads from audit_log, a table that was never there',
    fixed: 'code reads from pii_audit_log',
    item: 'BLOCKER-DATABASE-CONFUSION',
    criteria: ['no-audit-log'],
  },
  {
    name: 'evidence',
    broken: 'there are four files, one of them cut short',
    fixed: 'there are six files, each of valid JSON lines',
    item: 'VERIFY-MCP-EVIDENCE-001',
    criteria: ['six-files'],
  },
];

/** `changed`: neither; somebody has edited it by hand. */
export type ThingState = 'broken' | 'fixed' | 'changed';

/** Paths of files, relative to the world. */
export interface Touched {
  wrote: string[];
  removed: string[];
}

const ours = (...path: string[]): string => join(projectRoot(), 'playground', ...path);

/** The folder of the playground of a data folder. */
export function playgroundFolder(data: string): string {
  return join(data, 'playground');
}

/** Where a data folder's playground has its files, or undefined when there never was one. */
export function findWorld(data: string): string | undefined {
  const world = join(playgroundFolder(data), 'world');
  return existsSync(world) ? world : undefined;
}

/** Makes the world, all of it broken, unless it is there. @throws StackError DATA_UNUSABLE */
export function makeWorld(data: string): string {
  const folder = playgroundFolder(data);
  const world = join(folder, 'world');
  orUnusable(folder, () => {
    if (existsSync(world)) return;
    // A start that is killed half way must not leave half a world.
    const half = `${world}.new`;
    rmSync(half, { recursive: true, force: true });
    cpSync(ours('world'), half, { recursive: true });
    renameSync(half, world);
  });
  return world;
}

export function stateOf(world: string, { name }: Thing): ThingState {
  const isAs = (state: 'broken' | 'fixed'): boolean =>
    filesOf(name).every((file) => contentOf(join(world, file)) === wantedContent(name, file, state));
  return isAs('fixed') ? 'fixed' : isAs('broken') ? 'broken' : 'changed';
}

/**
 * Makes a thing whole or breaks it, whatever it was before; whoever reads a file of it meanwhile finds the old one or
 * the new one. @throws StackError DATA_UNUSABLE
 */
export function setThing(world: string, { name }: Thing, state: 'broken' | 'fixed'): Touched {
  const touched: Touched = { wrote: [], removed: [] };
  for (const file of filesOf(name)) {
    const [path, wanted] = [join(world, file), wantedContent(name, file, state)];
    if (contentOf(path) === wanted) continue;
    orUnusable(path, () => (wanted === undefined ? remove(world, file) : replace(world, path, wanted)));
    (wanted === undefined ? touched.removed : touched.wrote).push(file);
  }
  return touched;
}

function filesOf(name: string, below = ''): string[] {
  return readdirSync(ours('fixed', name, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesOf(name, path) : [path];
    })
    .sort();
}

function wantedContent(name: string, file: string, state: 'broken' | 'fixed'): string | undefined {
  return contentOf(state === 'fixed' ? ours('fixed', name, file) : ours('world', file));
}

/** Undefined where it is missing, or nothing that can be read. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Written beside the world, where no pattern of a check finds it. */
function replace(world: string, path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${world}.${process.pid}.new`;
  writeFileSync(half, content);
  renameSync(half, path);
}

/** With the folders that are empty then. */
function remove(world: string, file: string): void {
  rmSync(join(world, file), { force: true });
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(world, folder));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) continue;
      return;
    }
  }
}

function orUnusable(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new StackError('DATA_UNUSABLE', `${path} cannot be changed (${reasonOf(error)}). Make it writable.`);
  }
}
