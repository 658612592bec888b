import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { appendFile, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openPlain, readShort } from '../../../activities/checks/inside-root';
import { runCheck } from '../../../activities/checks/registry';
import { CannotRun, type CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';

const NOW = Date.parse('2027-03-01T12:00:00Z');
const MB = 1_048_576;

let base: string;
let root: string;
const at = (...names: string[]): string => path.join(root, ...names);

function write(name: string, content: string | Buffer): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
}

function utf16(text: string, mark: number[]): Buffer {
  return Buffer.concat([Buffer.from(mark), Buffer.from(text, 'utf16le')]);
}

const CONTENTS: { [name: string]: string | Buffer } = {
  'text/marked.txt': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a": "é"}')]),
  'text/utf16.txt': utf16('uses audit_log', [0xff, 0xfe]),
  'text/utf16-unmarked.txt': utf16('uses audit_log', []),
  'text/latin1.txt': Buffer.from('größe', 'latin1'),
  'text/picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, ...Buffer.from('audit_log')]),
  'text/cut.json': Buffer.from('"é"').subarray(0, 2),
  'yaml/bomb.yaml': '&a '.repeat(100_000),
  'yaml/keys.yaml': Array.from({ length: 60_000 }, (_, i) => `key${i}: ${i}\n`).join(''),
  'yaml/lost.yaml': 'a: *nothing\n',
  'yaml/found.yaml': 'a: &it 1\nb: *it\n',
  'yaml/twice.yaml': 'a: 1\na: 2\n',
  'yaml/deep.yaml': `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  'json/deep.json': `${'['.repeat(400_000)}1${']'.repeat(400_000)}`,
  'json/unended.json': '['.repeat(900_000),
  'json/lines.jsonl': '1\n'.repeat(MB / 2),
  'costly/letters.txt': 'äßſKé𝒜'.repeat(MB / 16),
  'names/two\nlines.md': 'no',
  'names/\u202etxet\u001b[31m.md': 'no',
  'names/UPPER.md': 'no',
  'deep/a/b/c/page.md': 'ready',
};

beforeAll(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'files-attacks-'));
  root = path.join(base, 'root');
  for (const [name, content] of Object.entries(CONTENTS)) write(name, content);
  mkdirSync(path.join(base, 'outside'));
  writeFileSync(path.join(base, 'outside/page.md'), 'outside only');
  mkdirSync(at('links'));
  symlinkSync('/dev/zero', at('links/zero.dev'));
  symlinkSync('loop-b.loop', at('links/loop-a.loop'));
  symlinkSync('loop-a.loop', at('links/loop-b.loop'));
  symlinkSync('.', at('links/self'));
  write('linked/here/page.md', 'good');
  write('covered/here/page.md', 'good');
  symlinkSync('here', at('covered/there'));
  symlinkSync('..', at('covered/here/up'));
  symlinkSync('../../outside', at('linked/out'));
  symlinkSync('../text/../../outside/page.md', at('links/around.md'));
  write('ages/future.txt', 'x');
  utimesSync(at('ages/future.txt'), NOW / 1_000 + 3_600, NOW / 1_000 + 3_600);
  write('ages/soon.txt', 'x');
  utimesSync(at('ages/soon.txt'), NOW / 1_000 + 5, NOW / 1_000 + 5);
  write('locked/file.txt', 'x');
  chmodSync(at('locked/file.txt'), 0);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function look(check: { [key: string]: Json }, folder = root): Promise<CheckResult> {
  const context = {
    signal: AbortSignal.timeout(60_000),
    access: localAccess(folder),
    env: () => undefined,
    now: () => NOW,
  };
  return runCheck({ type: 'files', ...check } as ProbeCheck, context);
}

test.each<[outcome: string, what: string, check: { [key: string]: Json }, seen: string]>([
  ['errored', 'a link to a device', { glob: 'links/*.dev', mustContain: 'x' }, 'leads out'],
  ['errored', 'links to each other', { glob: 'links/*.loop' }, 'ELOOP'],
  ['errored', 'a link that goes out by a way inside', { glob: 'links/*.md' }, '"links/around.md" leads out'],
  ['failed', 'a folder that links to itself', { glob: 'links/**/page.md' }, '0 files'],
  ['passed', 'a mark at the beginning', { glob: 'text/marked.txt', parses: 'json', mustContain: '^\\{' }, '1 file'],
  [
    'inconclusive',
    'UTF-16 that would hide a word',
    { glob: 'text/utf16.txt', mustNotContain: 'audit_log' },
    'not UTF-8',
  ],
  ['inconclusive', 'that without a mark', { glob: 'text/utf16-un*', mustNotContain: 'audit_log' }, 'not UTF-8'],
  ['inconclusive', 'Latin 1', { glob: 'text/latin1.txt', mustNotContain: 'größe' }, 'not UTF-8'],
  ['inconclusive', 'a word that may be missed', { glob: 'text/latin1.txt', mustContain: 'größe' }, 'not UTF-8'],
  ['failed', 'a word in a picture', { glob: 'text/*.png', mustNotContain: 'audit_log' }, 'it has "audit_log"'],
  ['passed', 'a word in a picture that should be', { glob: 'text/*.png', mustContain: 'audit_log' }, '1 file'],
  ['inconclusive', 'half a letter', { glob: 'text/cut.json', parses: 'json' }, 'not UTF-8'],
  ['inconclusive', 'YAML made to hang', { glob: 'yaml/bomb.yaml', parses: 'yaml' }, 'takes too long'],
  ['inconclusive', 'YAML of very many keys', { glob: 'yaml/keys.yaml', parses: 'yaml' }, 'takes too long'],
  ['failed', 'an alias of nothing', { glob: 'yaml/lost.yaml', parses: 'yaml' }, 'not YAML'],
  ['passed', 'an alias', { glob: 'yaml/found.yaml', parses: 'yaml' }, '1 file'],
  ['failed', 'a key twice', { glob: 'yaml/twice.yaml', parses: 'yaml' }, 'not YAML'],
  ['passed', 'JSON nested deeply', { glob: 'json/deep.json', parses: 'json' }, '1 file'],
  ['failed', 'JSON that never ends', { glob: 'json/unended.json', parses: 'json' }, 'not JSON'],
  ['passed', 'half a million lines', { glob: 'json/lines.jsonl', parses: 'jsonl' }, '1 file'],
  [
    'inconclusive',
    'a costly pattern',
    { glob: 'costly/*', mustNotContain: `(?i)${'\\pL'.repeat(300)}!` },
    'takes too long',
  ],
  [
    'failed',
    'a costly pattern beside one that is found',
    { glob: 'costly/*', mustNotContain: ['äß', `(?i)${'\\pL'.repeat(300)}!`] },
    'it has "äß"',
  ],
  ['inconclusive', 'a time in the future', { glob: 'ages/future.txt', age: { atMost: '1d' } }, 'in the future'],
  ['passed', 'a clock that is a little ahead', { glob: 'ages/soon.txt', age: { atMost: '1d' } }, '1 file'],
  ['failed', 'another letter case', { glob: 'names/upper.md' }, '0 files'],
  ['passed', 'a name of two lines', { glob: 'names/two*lines.md' }, '1 file'],
  ['passed', 'no folder between', { glob: 'deep/a/b/c/**/page.md' }, '1 file'],
  ['passed', 'several of any', { glob: '**/**/c/**/**/page.md', count: { equals: 1 } }, '1 file'],
  ['passed', 'all below', { glob: 'deep/**', count: { equals: 1 } }, '1 file'],
  [
    'passed',
    'a link that goes out, where nothing is asked of it',
    { glob: 'linked/**/*.md' },
    'not followed: "linked/out"',
  ],
  [
    'passed',
    'what is found where a link leads',
    { glob: 'covered/**/*.md', mustNotContain: 'bad' },
    '"covered/**/*.md"',
  ],
  [
    'inconclusive',
    'what a link may hide',
    { glob: 'linked/**/*.md', mustNotContain: 'bad' },
    'not followed: "linked/out"',
  ],
  [
    'inconclusive',
    'what is found elsewhere only in part',
    { glob: 'covered/{h*/p*,t*/*}.md', mustNotContain: 'bad' },
    'not followed: "covered/there"',
  ],
  ['failed', 'a file as a folder', { glob: 'deep/a/b/c/page.md/**/x' }, '0 files'],
  ['errored', 'alternatives without end', { glob: 'x'.repeat(60) + '{a,b}'.repeat(8) }, 'at most 10000 letters'],
  ['failed', 'a pattern of steps without end', { glob: `${'**/*/'.repeat(90)}x` }, '0 files'],
])('%s: %s', async (...[outcome, , check, seen]) => {
  expect(await look(check)).toEqual({ outcome, seen: expect.stringContaining(seen) });
});

test('names are shown so that they cannot mislead', async () => {
  const { seen } = await look({ glob: 'names/*', mustContain: 'yes' });
  expect(seen).toContain('"names/two\\nlines.md": it lacks "yes"');
  expect(seen).not.toMatch(/[\n\u001b\u202e]/);
});

test('a file whose name is no text is never passed over', async () => {
  const name = Buffer.concat([Buffer.from(`${at('names')}/`), Buffer.from([0xff]), Buffer.from('.bin')]);
  let isMade = true;
  try {
    writeFileSync(name, 'audit_log');
  } catch {
    isMade = false; // some file systems do not have such names
  }
  const { outcome } = await look({ glob: 'names/*.bin', mustNotContain: 'audit_log' });
  expect(outcome).toBe(isMade ? 'errored' : 'failed');
});

test('a file that cannot be read is errored', async () => {
  // For root nothing is locked, save what the system itself refuses.
  const isRoot = process.getuid?.() === 0;
  const result = await (isRoot
    ? look({ glob: 'mem', mustContain: 'x' }, '/proc/self')
    : look({ glob: 'locked/*', mustContain: 'x' }));
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringMatching(/cannot be read \((EIO|EACCES)\)/) });
});

test("a worker's folder that does not exist is errored", async () => {
  expect(await look({ glob: '**', count: { atMost: 0 } }, path.join(base, 'none'))).toEqual({
    outcome: 'errored',
    seen: "The worker's folder cannot be looked at (ENOENT)",
  });
});

test('special files are no files', async () => {
  expect(await look({ glob: 'zero' }, '/dev')).toMatchObject({ outcome: 'failed' });
});

test('a file that grows while it is read is not taken for the whole', async () => {
  write('grows.txt', 'x');
  const file = await openPlain(at('grows.txt'));
  const { size } = await file.stat();
  await appendFile(at('grows.txt'), 'y'.repeat(2 * MB));
  const read = await readShort(file, size);
  await file.close();
  expect(read).toBeUndefined();
});

describe('a link put there between the look and the use', () => {
  beforeEach(() => write('swapped/page.md', 'inside'));
  afterEach(() => rmSync(at('swapped'), { recursive: true, force: true }));

  test('for the file', async () => {
    rmSync(at('swapped/page.md'));
    symlinkSync(path.join(base, 'outside/page.md'), at('swapped/page.md'));
    await expect(openPlain(at('swapped/page.md'))).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('for a folder on the way', async () => {
    renameSync(at('swapped'), at('kept'));
    symlinkSync(path.join(base, 'outside'), at('swapped'));
    await expect(openPlain(at('swapped/page.md'))).rejects.toThrow(CannotRun);
    rmSync(at('swapped'));
    renameSync(at('kept'), at('swapped'));
    const file = await openPlain(at('swapped/page.md'));
    expect((await file.stat()).size).toBe(6);
    await file.close();
  });

  test('again and again', async () => {
    symlinkSync(path.join(base, 'outside'), at('link'));
    let isOver = false;
    const swap = async (): Promise<void> => {
      while (!isOver) {
        await rename(at('swapped'), at('kept'));
        await rename(at('link'), at('swapped'));
        await rename(at('swapped'), at('link'));
        await rename(at('kept'), at('swapped'));
      }
    };
    const swapping = swap();
    const outcomes = new Set<string>();
    for (let times = 0; times < 300; times++) {
      outcomes.add((await look({ glob: 'swapped/*.md', mustContain: 'outside only' })).outcome);
    }
    isOver = true;
    await swapping;
    expect(outcomes).not.toContain('passed');
  });
});

test('more files than are looked at are never all as expected', async () => {
  const many = path.join(base, 'many');
  mkdirSync(many);
  for (let number = 0; number <= 100_000; number++) writeFileSync(path.join(many, `${number}.txt`), '');
  expect(await look({ glob: '*.txt', count: { atMost: 100_000 } }, many)).toEqual({
    outcome: 'inconclusive',
    seen: expect.stringContaining('there are more files in its folders than are looked at'),
  });
  expect(await look({ glob: '{1,2}*.txt', size: { equals: 0 } }, many)).toEqual({
    outcome: 'inconclusive',
    seen: expect.stringContaining('files more were not looked into'),
  });
}, 300_000);
