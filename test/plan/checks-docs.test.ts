/** The pages of `docs/checks/`: each type has one, and everything in them can be used as it stands. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publicAccess, type Access } from '../../activities/checks/access';
import { refusalsOf } from '../../activities/checks/registry';
import type { ProbeCheck } from '../../domain/plan';
import { CHECK_TYPES } from '../../plan/checks/registry';
import { parseSource } from '../../plan/parse';
import { validatePlan } from '../../plan/validate';
import { readAccess } from '../../worker/access';
import { errorsOf, NOW } from './small';

const FOLDER = 'docs/checks';
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

interface Block {
  page: string;
  line: number;
  text: string;
  /** Its first key, which says what it is. */
  kind: string | undefined;
}

function blocksOf(page: string): Block[] {
  const content = readFileSync(path.join(FOLDER, page), 'utf8');
  return [...content.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map((match) => ({
    page,
    line: content.slice(0, match.index).split('\n').length,
    text: match[1]!,
    kind: /^([A-Za-z]+):/m.exec(match[1]!)?.[1],
  }));
}

const BLOCKS = PAGES.flatMap(blocksOf);
const ofKind = (...kinds: string[]): Array<[string, Block]> =>
  BLOCKS.filter(({ kind }) => kinds.includes(kind ?? '')).map((block) => [`${block.page}:${block.line}`, block]);

/** A plan whose one item has these criteria. */
function planAround({ text }: Block): string {
  const criteria = text.replace(/^/gm, '    ');
  return [
    'version: 1',
    'title: Documentation',
    'launch: { at: +7d, authority: { roles: [manager] } }',
    'people: [{ id: ana, roles: [manager] }, { id: ops }]',
    'gates: { must: [{ item: WORK }] }',
    'items:',
    '  - id: WORK',
    '    title: Work',
    '    owners: [ana]',
    '    priority: P0',
    criteria,
  ].join('\n');
}

const validated = (text: string) => validatePlan(text, { file: 'plan.yaml', now: NOW });

function checksOf(block: Block): ProbeCheck[] {
  const source = parseSource(block.text, block.page);
  const { acceptance } = source.value as { acceptance: Array<{ check?: ProbeCheck }> };
  return acceptance.flatMap(({ check }) => check ?? []);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'checks-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function accessOf({ text }: Block): Access {
  const file = path.join(folder, 'launch-director.yaml');
  writeFileSync(file, text);
  return readAccess({ file });
}

/** What all the snippets of one page allow together. */
function allowedBy(page: string): Access {
  const snippets = ofKind('checks').filter(([, block]) => block.page === page);
  return snippets.reduce<Access>((all, [, block]) => {
    const { hosts, allowLocal, env, commands, databases, mcpServers } = accessOf(block);
    return {
      ...all,
      hosts: hosts ?? all.hosts,
      allowLocal: all.allowLocal || allowLocal,
      env: [...all.env, ...env],
      commands: { ...all.commands, ...commands },
      databases: { ...all.databases, ...databases },
      mcpServers: { ...all.mcpServers, ...mcpServers },
    };
  }, publicAccess('/'));
}

test.each(CHECK_TYPES)('%s has its page, with an example, and a line in the index', (type) => {
  expect(PAGES).toContain(`${type}.md`);
  const examples = BLOCKS.filter(({ page, kind }) => page === `${type}.md` && kind === 'acceptance');
  expect(examples.flatMap(checksOf).map((check) => check.type)).toContain(type);
  expect(readFileSync(path.join(FOLDER, 'README.md'), 'utf8')).toContain(`[\`${type}\`](${type}.md)`);
});

test('every block of YAML says by its first key what it is', () => {
  const kinds = ['acceptance', 'checks', 'version', 'title', 'id'];
  const other = BLOCKS.filter(({ kind }) => !kinds.includes(kind ?? ''));
  expect(other.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

test.each(ofKind('acceptance'))('the criteria of %s are valid', (_, block) => {
  expect(errorsOf(validated(planAround(block)).problems)).toEqual([]);
});

test.each(ofKind('acceptance'))('a key that is none is one error, in any check of %s', (_, block) => {
  const { value } = parseSource(planAround(block), block.page) as {
    value: { items: Array<{ acceptance: unknown[] }> };
  };
  checksOf(block).forEach((check, index) => {
    const wrong = structuredClone(value);
    wrong.items[0]!.acceptance = [{ title: 'Wrong', check: { ...check, nonsense: 1 } }];
    const problems = validated(JSON.stringify(wrong)).problems.filter(({ severity }) => severity === 'error');
    expect([index, ...problems.map((problem) => problem.path)]).toEqual([
      index,
      'items[0].acceptance[0].check.nonsense',
    ]);
  });
});

test('whole plans are valid', () => {
  const plans = ofKind('version', 'title', 'id').map(([, block]) => validated(block.text));
  expect(plans.flatMap(({ problems }) => errorsOf(problems))).toEqual([]);
});

test.each(ofKind('checks'))('the configuration of %s is read', (_, block) => {
  expect(accessOf(block).root).not.toBe('');
});

test.each(ofKind('acceptance'))('what %s asks for is allowed by the configuration of its page', (_, block) => {
  const access = allowedBy(block.page);
  const probes = checksOf(block).filter(({ type }) => type !== 'items');
  expect(probes.flatMap((check) => refusalsOf(check, access))).toEqual([]);
});

test.each(PAGES)('the links of %s lead somewhere', (page) => {
  const content = readFileSync(path.join(FOLDER, page), 'utf8');
  const targets = [...content.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.split('#')[0]!);
  const files = targets.filter((target) => target !== '' && !/^https?:/.test(target));
  expect(files.filter((target) => !existsSync(path.join(FOLDER, target)))).toEqual([]);
});
