import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Board } from '../../domain/board';
import { launch } from '../support/cli';
import { itemOf, testStack, type Failed, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** What goes wrong in real life, done on purpose: at once, twice, too late, too large, and with services gone. */
const PLAN = `
version: 1
id: crowd
title: "Crowd"
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana, carl], quorum: all } }
people: [{ id: ana, name: Ana }, { id: carl, name: Carl }, { id: dev, name: Dev }, { id: qa, name: QA }, { id: pm, name: PM }]
items:
  - { id: BOTH, title: Both have seen it, owners: [dev], acceptance: [{ id: seen, title: Both have, attest: { by: [qa, pm], quorum: all } }] }
  - { id: OTHER, title: Other, owners: [dev] }
  - { id: WHERE, kind: decision, title: Where, owners: [ana, carl], options: [{ id: here, title: Here }, { id: there, title: There }] }
gates: { must: [{ item: BOTH }, { item: OTHER }], nice: [{ item: WHERE }] }
`;

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
  const { code, stderr } = await stack.run('start', stack.file('crowd.yaml', PLAN));
  if (code !== 0) throw new Error(stderr);
  await until('an item', async () => itemOf(await stack.board('crowd'), 'OTHER').status === 'open');
});

afterAll(() => stack.stop());

const board = (): Promise<Board> => stack.board('crowd');

describe('at once', () => {
  test('two people attest in the same moment: both words count', async () => {
    const both = await Promise.all(
      ['qa', 'pm'].map((who) => stack.run('attest', 'crowd', 'BOTH', 'seen', '--as', who))
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    await until('BOTH', async () => itemOf(await board(), 'BOTH').status === 'resolved');
    expect(itemOf(await board(), 'BOTH').criteria[0]?.evidence).toMatch(/(qa at.*pm at|pm at.*qa at)/);
  });

  test('two people sign off in the same moment: both are on the board', async () => {
    const both = await Promise.all(['ana', 'carl'].map((who) => stack.run('sign-off', 'crowd', '--as', who)));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const { signOffs } = await board();
    expect(signOffs.map(({ by }) => by).toSorted()).toEqual(['ana', 'carl']);
  });

  test('one says hold while the other says release: the launch is in one state, and each has an answer', async () => {
    const said = await Promise.all([
      stack.json<Partial<Failed>>('hold', 'crowd', '--reason', 'x', '--as', 'ana'),
      stack.json<Partial<Failed>>('release', 'crowd', '--reason', 'y', '--as', 'carl'),
    ]);
    const [hold, release] = said;
    expect(hold?.code).toBe(0);
    expect([undefined, 'NOT_HELD']).toContain(release?.value.error?.code);
    const { holds } = await board();
    expect(holds).toHaveLength(release?.code === 0 ? 0 : 1);
    if (holds.length > 0) expect((await stack.run('release', 'crowd', '--reason', 'z', '--as', 'ana')).code).toBe(0);
  });

  test('the same start twice in the same moment: one launch', async () => {
    const file = stack.file('twice.yaml', PLAN);
    const both = await Promise.all([1, 2].map(() => stack.json<Partial<Failed>>('start', file, '--id', 'twice')));
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    expect(both.flatMap(({ value }) => value.error?.code ?? [])).toEqual(['ALREADY_RUNNING']);
  });
});

describe('twice', () => {
  const said = (text: string) => ['comment', 'crowd', 'OTHER', text, '--key', 'same', '--as', 'qa'];

  test('the same key with the same words is done once, also in the same moment; with others it is refused', async () => {
    const first = await Promise.all([1, 2, 3].map(() => stack.run(...said('once'))));
    expect(first.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await stack.refused(...said('twice'))).toEqual({ exit: 1, code: 'KEY_REUSED' });
    const comments = () =>
      stack.rows(`SELECT 1 FROM "Fact" WHERE "launchId" = 'crowd' AND type = 'commented' AND "itemId" = 'OTHER'`);
    await until('it in the ledger', async () => (await comments()).length > 0);
    expect(await comments()).toHaveLength(1);
  });
});

describe('a service that is gone', () => {
  const DEADLINE_MS = 25_000;

  /** Exit code, error code and milliseconds of a command against an address. */
  async function at(address: string, ...args: string[]) {
    const from = Date.now();
    const { code, stdout } = await launch([...args, '--json'], { TEMPORAL_ADDRESS: address });
    return { exit: code, code: (JSON.parse(stdout) as Failed).error.code, took: Date.now() - from };
  }

  test('Temporal that refuses: exit 3 at once, with the error as an object', async () => {
    const found = await at('127.0.0.1:1', 'attest', 'crowd', 'OTHER', '--as', 'dev', '--direct');
    expect(found).toMatchObject({ exit: 3, code: 'UNREACHABLE' });
    expect(found.took).toBeLessThan(DEADLINE_MS);
  });

  test('Temporal that takes the connection and never answers: exit 3 within the deadline', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const asked = [
      ['status', 'crowd'],
      ['sign-off', 'crowd', '--as', 'ana', '--direct'],
      ['start', stack.file('crowd.yaml', PLAN)],
    ];
    const found = await Promise.all(asked.map((args) => at(`127.0.0.1:${port}`, ...args)));
    silent.close();
    for (const each of found) {
      expect(each).toMatchObject({ exit: 3, code: 'UNREACHABLE' });
      expect(each.took).toBeLessThan(DEADLINE_MS);
    }
  });

  test('a stack that has stopped is not taken for one: exit 3, and what to type', async () => {
    const { code, stderr } = await launch(['status', 'crowd', '--data', stack.folder]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('launch up')]);
  });
});

describe('plans nobody should give', () => {
  const MB_10 = 10_000_000;

  test.each([
    ['empty', ''],
    ['only a comment', '# nothing\n'],
    ['no YAML', '{{{{ : : [\n'],
    ['10 MB of it', `version: 1\ntitle: "${'x'.repeat(MB_10)}"\n`],
    ['10 MB of lists', `version: 1\nitems:\n${'  - { title: a }\n'.repeat(MB_10 / 16)}`],
    [
      'aliases that explode',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(', ')}]`)
        .join('\n')}\nversion: 1\n`,
    ],
    ['bytes', '\u0000\u0001\u0002\uffff'],
  ])('%s: exit 2 in a moment, with where it is wrong', async (name, text) => {
    const from = Date.now();
    const { code, value } = await stack.json<Failed>('start', stack.file(`${name.replaceAll(' ', '-')}.yaml`, text));
    expect([code, value.error.message.length > 0, value.error.message.length < 5_000]).toEqual([2, true, true]);
    expect(Date.now() - from).toBeLessThan(15_000);
  });

  test('a folder and a file that is not there: exit 2', async () => {
    expect((await stack.refused('start', stack.folder)).exit).toBe(2);
    expect((await stack.refused('start', `${stack.folder}/nothing.yaml`)).exit).toBe(2);
  });

  test.each([
    ['in the document', '2020-01-01 14:00', []],
    ['by --launch-at', '+2d 14:00', ['--launch-at', '2020-01-01 14:00']],
    ['by --launch-at and sped up', '+2d 14:00', ['--launch-at', '2020-01-01T14:00Z', '--speed', '360']],
  ])('a launch in the past, %s: exit 2 with --launch-at as the way out', async (_where, when, options) => {
    const file = stack.file('past.yaml', PLAN.replace('+2d 14:00', when));
    const { code, value } = await stack.json<Failed>('start', file, '--id', 'past', ...options);
    expect([code, value.error.code]).toEqual([2, 'LAUNCH_IN_PAST']);
    expect(value.error.message).toContain('--launch-at WHEN');
    expect((await stack.refused('status', 'past')).code).toBe('NOT_FOUND');
  });
});
