import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeOf } from '../../domain/criterion';
import { validatePlan } from '../../plan/validate';
import { projectRoot } from '../../stack/paths';
import { findWorld, makeWorld, setThing, stateOf, THINGS, type Thing } from '../../stack/playground-world';

let data: string;
let world: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'launch-playground-'));
  world = makeWorld(data);
});

afterEach(() => rmSync(data, { recursive: true, force: true }));

/** Every file with its content. */
function all(folder = world): Array<[file: string, content: string]> {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => [join(entry.parentPath, entry.name), ''])
    .map(([file]): [string, string] => [file.slice(folder.length + 1), readFileSync(file, 'utf8')])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const states = () => THINGS.map((thing) => stateOf(world, thing));
const thing = (name: string): Thing => THINGS.find((each) => each.name === name)!;

test('every thing has its files, and every folder of files its thing', () => {
  const folders = readdirSync(join(projectRoot(), 'playground', 'fixed'));
  expect(THINGS.map(({ name }) => name).sort()).toEqual(folders.sort());
});

test.each(THINGS.map((each) => [each.name, each] as const))(
  '%s is looked at by criteria of the example that are measured',
  (_name, { item, criteria }) => {
    const file = join(projectRoot(), 'examples', 'production-launch.yaml');
    const { plan } = validatePlan(readFileSync(file, 'utf8'), { file, now: Date.now() });
    const found = plan?.items.find(({ id }) => id === item)?.criteria ?? [];
    const measured = found.filter((each) => probeOf(each)).map(({ id }) => id);
    expect(criteria.length).toBeGreaterThan(0);
    expect(measured).toEqual(expect.arrayContaining([...criteria]));
  }
);

test('a world is made broken, and is found from then on', () => {
  expect(findWorld(data)).toBe(world);
  expect(states()).toEqual(THINGS.map(() => 'broken'));
});

test.each(THINGS.map(({ name }) => name))(
  '%s fixed and broken again leaves the world as it was, and every other thing alone',
  (name) => {
    const before = all();
    const { wrote, removed } = setThing(world, thing(name), 'fixed');
    expect(wrote.length).toBeGreaterThan(0);
    expect(removed).toEqual([]);
    expect(states()).toEqual(THINGS.map((each) => (each.name === name ? 'fixed' : 'broken')));
    expect(setThing(world, thing(name), 'fixed')).toEqual({ wrote: [], removed: [] });
    const back = setThing(world, thing(name), 'broken');
    expect([...back.wrote, ...back.removed].sort()).toEqual(wrote);
    expect(all()).toEqual(before);
  }
);

test('what is removed leaves no empty folder', () => {
  const before = readdirSync(world);
  setThing(world, thing('staging'), 'fixed');
  setThing(world, thing('staging'), 'broken');
  expect(readdirSync(world)).toEqual(before);
});

test('a second start keeps the world; what was edited by hand is said, and put right', () => {
  setThing(world, thing('index'), 'fixed');
  const schema = join(world, 'prisma', 'schema.prisma');
  writeFileSync(schema, 'model DashboardFact {}');
  expect(makeWorld(data)).toBe(world);
  expect(stateOf(world, thing('index'))).toBe('fixed');
  expect(stateOf(world, thing('dashboardfact'))).toBe('changed');
  expect(setThing(world, thing('dashboardfact'), 'broken')).toEqual({ wrote: ['prisma/schema.prisma'], removed: [] });
  expect(stateOf(world, thing('dashboardfact'))).toBe('broken');
});

test('parts of the world that are gone come back', () => {
  rmSync(join(world, 'docs'), { recursive: true });
  expect(setThing(world, thing('guides'), 'fixed').wrote).toEqual(['docs/agents/READ_THIS_FIRST.md']);
  expect(stateOf(world, thing('guides'))).toBe('fixed');
});

test('a world that cannot be changed is one clear error', () => {
  rmSync(join(world, 'docs'), { recursive: true });
  writeFileSync(join(world, 'docs'), 'a file where a folder should be');
  expect(() => setThing(world, thing('guides'), 'fixed')).toThrow(/cannot be changed \(.*\)\. Make it writable/);
});
