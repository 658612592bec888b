import { spawn } from 'node:child_process';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** As many items as a launch may have, on one machine. */
/** A plan of so many items, all open at once, every third with an edge to the one before. */
function planOf(items: number, id: string): string {
  const each = Array.from({ length: items }, (_, index) => {
    const after = index % 3 === 2 ? `, after: [I-${index - 1}]` : '';
    return `  - { id: I-${index}, title: "Item ${index}", owners: [dev], deadline: T-1h${after}, acceptance: [{ id: a, title: Seen, attest: { by: [qa] } }, { id: b, title: Tried, attest: { by: [dev] } }] }`;
  });
  const must = Array.from({ length: items / 2 }, (_, index) => `{ item: I-${index} }`).join(', ');
  return `version: 1\nid: ${id}\ntitle: Many\nlaunch: { at: +1d 10:00, finalPoll: 20s, authority: { roles: [ana], quorum: all } }\npeople: [{ id: ana, name: Ana }, { id: dev, name: Dev }, { id: qa, name: QA }]\nitems:\n${each.join('\n')}\ngates: { must: [${must}] }\n`;
}

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
});

afterAll(() => stack.stop());

describe('many items', () => {
  test('301 are refused before anything is started', async () => {
    const file = stack.file('301.yaml', planOf(301, 'too-many'));
    expect(await stack.refused('start', file)).toEqual({ exit: 2, code: 'TOO_MANY_ITEMS' });
    expect((await stack.refused('status', 'too-many')).code).toBe('NOT_FOUND');
  });

  test('300 run to their verdict at the instant, and a cancelled one leaves no item behind', async () => {
    const file = stack.file('300.yaml', planOf(300, 'many'));
    const started = await stack.json<{ items: number }>('start', file);
    expect(started).toMatchObject({ code: 0, value: { items: 300 } });
    await until('all that can be are open', async () => (await openIn('many')) === 200, 90_000);
    expect((await stack.run('reschedule', 'many', '+25s', '--reason', 'now', '--as', 'ana')).code).toBe(0);
    const decided = await until(
      'the verdict',
      async () => {
        const now = await stack.board('many');
        return now.verdict.at ? now : undefined;
      },
      120_000
    );
    expect(Date.parse(decided.verdict.at ?? '') - Date.parse(decided.launchAt)).toBeLessThan(5_000);
    expect(decided.verdict.reasons.filter(({ code }) => code === 'MUST_UNMET')).toHaveLength(150);
    expect((await stack.run('cancel', 'many', '--reason', 'enough', '--as', 'ana')).code).toBe(0);
    await until('no item runs', async () => (await runningOf('many')) === 0);
  }, 240_000);

  const openIn = async (id: string): Promise<number> =>
    (await stack.board(id)).items.filter(({ status }) => status === 'open').length;

  /** By Temporal's own program, which knows nothing of ours. */
  function runningOf(id: string): Promise<number> {
    const { cli, address } = stack.where().temporal;
    const query = `LaunchId='${id}' AND ExecutionStatus='Running'`;
    const args = ['workflow', 'count', '--address', address, '--query', query, '--output', 'json'];
    return new Promise((resolve, reject) => {
      const child = spawn(cli ?? 'temporal', args);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.on('error', reject);
      child.on('close', () => {
        try {
          resolve(Number((JSON.parse(text) as { count?: string }).count ?? 0));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
});
