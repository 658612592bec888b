import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { localAccess } from '../../support/access';
import { runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';

const NOW = Date.parse('2027-03-01T12:00:00Z');
const FILES: { [name: string]: string } = {
  'docs/guide.md': '# Guide\nready\n',
  'docs/notes.md': 'TODO: write\n',
  'docs/deep/er/page.md': 'ready\n',
  'docs/.hidden.md': 'ready\n',
  'docs/[draft].txt': 'x',
  'data/good.json': '{"a": 1}',
  'data/bad.json': '{"a": 1',
  'data/empty.json': '',
  'data/good.jsonl': '{"a": 1}\n\n[2]\n',
  'data/bad.jsonl': '{"a": 1}\n{"a"\n',
  'data/good.yaml': 'a: [1]\n---\nb: 2\n',
  'data/bad.yaml': 'a: [1\nb: "x',
  'data/bomb.yaml': `a: &a [x]\n${'bcdefghij'.replace(/./g, (k, at: number) => `${k}: &${k} [${`*${'abcdefghi'[at]},`.repeat(9)}]\n`)}`,
};

let outside: string;
let root: string;

beforeAll(async () => {
  outside = mkdtempSync(path.join(os.tmpdir(), 'files-check-'));
  root = path.join(outside, 'root');
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
    await utimes(path.join(root, name), NOW / 1_000 - 3_600, NOW / 1_000 - 3_600);
  }
  await writeFile(path.join(outside, 'secret.md'), 'ready\n');
  await mkdir(path.join(root, 'links/inside'), { recursive: true });
  await symlink(path.join(outside, 'secret.md'), path.join(root, 'links/out.md'));
  await symlink('../../docs/guide.md', path.join(root, 'links/inside/guide.md'));
  await symlink('../../docs', path.join(root, 'links/inside/docs'));
  await symlink('..', path.join(root, 'docs/loop'));
  await symlink('nowhere', path.join(root, 'links/dangling'));
  await symlink(outside, path.join(root, 'up'));
  execFileSync('mkfifo', [path.join(root, 'docs/pipe.md')]);
  await writeFile(path.join(root, 'data/huge.log'), '');
  await truncate(path.join(root, 'data/huge.log'), 2 ** 33);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

function look(check: { [key: string]: Json }, signal = AbortSignal.timeout(5_000)): Promise<CheckResult> {
  const context = { signal, access: localAccess(root), env: () => undefined, now: () => NOW };
  return runCheck({ type: 'files', ...check } as ProbeCheck, context);
}

test.each<[outcome: string, what: string, check: { [key: string]: Json }]>([
  ['passed', 'a file that is there', { glob: 'docs/guide.md' }],
  [
    'passed',
    'below any number of folders, hidden files, pipes and links to folders left out',
    { glob: 'docs/**/*.md', count: { equals: 3 } },
  ],
  ['passed', 'one folder deep', { glob: 'docs/*.md', count: { equals: 2 } }],
  ['passed', 'hidden files that are asked for', { glob: 'docs/.*.md', count: { equals: 1 } }],
  ['passed', 'alternatives', { glob: '{docs/{guide,notes}.md,data/good.json}', count: { equals: 3 } }],
  ['passed', 'several patterns, each file once', { glob: ['docs/*.md', 'docs/guide.*'], count: { equals: 2 } }],
  ['passed', 'classes and single letters', { glob: 'docs/[!n]uid?.md', count: { equals: 1 } }],
  ['passed', 'a name with brackets', { glob: 'docs/[[]draft].txt' }],
  ['passed', 'another folder', { glob: '*.json', root: 'data', count: { equals: 3 } }],
  ['passed', 'that there are none', { glob: 'data/**/*.exe', count: { atMost: 0 } }],
  ['passed', 'nothing wrong in none, where there may be none', { glob: '*.x', count: { atLeast: 0 }, parses: 'json' }],
  [
    'passed',
    'one of several patterns',
    { glob: ['docs/guide.md', '*.x'], count: { atLeast: 0 }, mustContain: 'Guide' },
  ],
  ['passed', 'a link that stays inside', { glob: 'links/inside/*.md', mustContain: 'ready' }],
  ['passed', 'JSON', { glob: 'data/good.json', parses: 'json' }],
  ['passed', 'JSON lines', { glob: 'data/good.jsonl', parses: 'jsonl' }],
  ['passed', 'YAML', { glob: 'data/good.yaml', parses: 'yaml' }],
  [
    'passed',
    'size, age and patterns',
    {
      glob: 'docs/guide.md',
      size: { atLeast: 1, atMost: 99 },
      age: { atLeast: '1h', atMost: '61m' },
      mustContain: ['(?m)^ready$', 'Guide'],
      mustNotContain: 'TODO',
    },
  ],
  ['passed', 'the size of what is too big to read', { glob: 'data/huge.log', size: { equals: 2 ** 33 } }],

  ['failed', 'a file that is not there', { glob: 'docs/none.md' }],
  ['failed', 'one of several patterns that finds nothing', { glob: ['docs/guide.md', 'dosc/*.md'] }],
  ['failed', 'that with a number', { glob: ['docs/guide.md', 'dosc/*.md'], count: { atLeast: 1 } }],
  ['failed', 'too many', { glob: 'docs/*.md', count: { atMost: 1 } }],
  ['failed', 'a pattern in another letter case', { glob: 'docs/GUIDE.md' }],
  ['failed', 'one file of several that does not parse', { glob: 'data/*.json', parses: 'json' }],
  ['failed', 'JSON lines with a bad one', { glob: 'data/bad.jsonl', parses: 'jsonl' }],
  ['failed', 'bad YAML', { glob: 'data/bad.yaml', parses: 'yaml' }],
  ['failed', 'a file that lacks a pattern', { glob: 'docs/*.md', mustContain: 'ready' }],
  ['failed', 'a file that has one', { glob: 'docs/*.md', mustNotContain: 'TODO' }],
  ['failed', 'a file that is too old', { glob: 'docs/guide.md', age: { atMost: '59m' } }],
  ['failed', 'a file that is too small', { glob: 'data/empty.json', size: { atLeast: 1 } }],

  ['inconclusive', 'the content of what is too big to read', { glob: 'data/huge.log', mustNotContain: 'ERROR' }],

  ['inconclusive', 'nothing wrong in none', { glob: 'dosc/*.md', count: { atMost: 10 }, mustNotContain: 'TODO' }],
  ['inconclusive', 'none that are too old', { glob: 'dosc/*.md', count: { atMost: 10 }, age: { atMost: '1d' } }],
  [
    'inconclusive',
    'one of several patterns that finds nothing wrong',
    { glob: ['docs/guide.md', 'dosc/*.md'], count: { atMost: 10 }, mustNotContain: 'TODO' },
  ],
  ['inconclusive', 'what a link may hide', { glob: 'docs/**/guide.md', mustNotContain: 'TODO' }],
  ['inconclusive', 'what a link out of the folder may hide', { glob: '**/*.json', root: '.', mustNotContain: 'TODO' }],
  ['inconclusive', 'that there are none behind a link', { glob: '**/*.exe', count: { equals: 0 } }],

  ['errored', 'a link that leads out', { glob: 'links/*.md' }],
  ['errored', 'a link that leads nowhere', { glob: 'links/dangling' }],
  ['errored', 'a folder that leads out', { glob: '*.md', root: 'up' }],
  ['errored', 'a folder that is not there', { glob: '*.md', root: 'none' }],
  ['errored', 'a folder that is a file', { glob: '*.md', root: 'docs/guide.md' }],
  ['errored', 'a path above', { glob: '../secret.md' }],
  ['errored', 'a folder above', { glob: '*.md', root: '..' }],
  ['errored', 'an absolute path', { glob: '/etc/hostname' }],
  ['errored', 'more alternatives than anybody means', { glob: '{a,b}'.repeat(20) }],
  ['errored', 'a pattern that is none', { glob: 'docs/[z-a].md' }],
])('%s: %s', async (outcome, _, check) => {
  expect(await look(check)).toMatchObject({ outcome });
});

test.each([
  '../secret.md',
  '{..,docs}/secret.md',
  '[.][.]/secret.md',
  '**/secret.md',
  'up/*.md',
  'docs/loop/**/secret.md',
])('no pattern finds a file outside: %s', async (glob) => {
  expect((await look({ glob })).outcome).not.toBe('passed');
});

test('what was seen tells which files, and why', async () => {
  expect((await look({ glob: 'data/*.json', parses: 'json' })).seen).toBe(
    '3 files match "data/*.json", "data/bad.json": it is not JSON, "data/empty.json": it is not JSON'
  );
  expect((await look({ glob: 'docs/none.md' })).seen).toBe('0 files match "docs/none.md", expected at least 1');
  expect((await look({ glob: 'links/*.md' })).seen).toBe('"links/out.md" leads out of the worker\'s folder');
});

test('aliases that would fill the memory are not expanded', async () => {
  expect(await look({ glob: 'data/bomb.yaml', parses: 'yaml' })).toMatchObject({ outcome: 'passed' });
});

test('a pattern made to hang does not', async () => {
  await writeFile(path.join(root, 'data', 'a'.repeat(200)), '');
  const begun = performance.now();
  const result = await look({ glob: `data/${'*a'.repeat(40)}*b` });
  expect(result.outcome).toBe('failed');
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('it ends as soon as the time is up', async () => {
  const begun = performance.now();
  const result = await look({ glob: '**/*.md' }, AbortSignal.timeout(1));
  expect(performance.now() - begun).toBeLessThan(500);
  expect(['passed', 'errored']).toContain(result.outcome);
});
