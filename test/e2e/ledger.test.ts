import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** The ledger as people verify it: by the command line, on a real stack, also after somebody has had a hand in it. */
const plan = (id: string): string => `
version: 1
id: ${id}
title: "Ledger �"
launch: { at: +2d 14:00, finalPoll: 20s, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - { id: SEEN, title: It was seen, owners: [dev], acceptance: [{ id: seen, title: QA has, attest: { by: [qa] } }] }
gates: { must: [{ item: SEEN }] }
`;

interface Verified {
  ok: boolean;
  unasked: string | null;
  ledgers: Array<{
    launch: string;
    ok: boolean;
    entries: number;
    head: { number: number; hash: string };
    vouchedTo: number;
    kept: Array<{ number: number; from: string; holds: boolean }>;
    findings: Array<{ code: string; number: number; text: string }>;
  }>;
}

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
});

afterAll(() => stack.stop());

async function started(id: string): Promise<void> {
  expect((await stack.run('start', stack.file(`${id}.yaml`, plan(id)))).code).toBe(0);
  expect((await stack.run('attest', id, 'SEEN', 'seen', '--as', 'qa')).code).toBe(0);
  await until('all that happened in the ledger', async () => {
    const rows = await stack.rows<{ type: string }>('SELECT type FROM "Fact" WHERE "launchId" = $1', [id]);
    const types = rows.map(({ type }) => type);
    return types.includes('started') && types.includes('attested') && types.includes('asked');
  });
}

async function verified(
  ...args: string[]
): Promise<{ code: number | null; value: Verified; only: Verified['ledgers'][number] }> {
  const { code, value } = await stack.json<Verified>('ledger', 'verify', ...args);
  return { code, value, only: value.ledgers[0]! };
}

test('a launch that runs is verified against what it keeps itself, and once it is over against its result', async () => {
  await started('kept');
  const running = await verified('kept');
  expect(running).toMatchObject({ code: 0, value: { ok: true, unasked: null } });
  expect(running.only.kept).toMatchObject([
    { from: 'the running launch', holds: true },
    { from: 'item SEEN in Temporal', holds: true },
  ]);
  expect(running.only.vouchedTo).toBeGreaterThan(1);
  expect((await stack.run('cancel', 'kept', '--reason', 'enough', '--as', 'ana')).code).toBe(0);
  const over = await until('its result', async () => {
    const found = await verified('kept');
    return found.only.kept[0]?.from === "the launch's result in Temporal" ? found : undefined;
  });
  expect(over).toMatchObject({ code: 0, only: { ok: true } });
  expect(over.only.vouchedTo).toBeGreaterThan(running.only.vouchedTo);

  const said = await stack.run('ledger', 'verify');
  expect(said.stdout).toMatch(
    /✓ kept: \d+ entries, each as it was written; head \d+:[0-9a-f]{64}\n {2}.*vouched for by the launch's result/
  );
});

test('a tail that only an item wrote, and a launch that is gone as a whole, are missed', async () => {
  await started('comments');
  expect((await stack.run('comment', 'comments', 'SEEN', 'do not ship', '--as', 'dev')).code).toBe(0);
  const [last] = await until('the comment in the ledger', async () => {
    const rows = await stack.rows<{ number: number; previous: string; type: string }>(
      `SELECT "number", "previous", "type" FROM "Fact" WHERE "launchId" = 'comments' ORDER BY "number" DESC LIMIT 1`
    );
    return rows[0]?.type === 'commented' ? rows : undefined;
  });
  await until('the item knows its head', async () => (await verified('comments')).only.vouchedTo === last!.number);
  await stack.rows(`DELETE FROM "Fact" WHERE "launchId" = 'comments' AND "type" = 'commented'`);
  await stack.rows(`UPDATE "Launch" SET "headNumber" = $1, "headHash" = $2 WHERE "id" = 'comments'`, [
    last!.number - 1,
    last!.previous,
  ]);
  expect(await verified('comments')).toMatchObject({
    code: 1,
    only: { findings: [{ code: 'CUT', number: last!.number }] },
  });

  for (const table of ['Fact', 'Item', 'Launch']) {
    const column = table === 'Launch' ? 'id' : 'launchId';
    await stack.rows(`DELETE FROM "${table}" WHERE "${column}" = 'comments'`);
  }
  const { code, value } = await verified();
  expect(code).toBe(1);
  expect(value.ledgers.find(({ launch }) => launch === 'comments')).toMatchObject({
    findings: [
      { code: 'CUT', number: 1 },
      { code: 'CUT', number: 1 },
    ],
  });
});

test('a changed fact is named; nothing is made anew from it, and the export says the same', async () => {
  await started('changed');
  const { only } = await verified('changed');
  await stack.rows(
    `UPDATE "Fact" SET body = jsonb_set(body, '{by}', '"dev"') WHERE "launchId" = 'changed' AND type = 'attested'`
  );
  const found = await verified('changed');
  expect(found).toMatchObject({ code: 1, value: { ok: false }, only: { findings: [{ code: 'CHANGED' }] } });
  expect(found.only.findings[0]!.text).toMatch(/^entry \d+ \(attested\) was changed$/);
  expect((await stack.run('ledger', 'verify', 'changed')).stdout).toContain(
    '✗ changed: the ledger is not as it was written'
  );
  expect((await stack.run('ledger', 'verify')).code).toBe(1);
  expect((await stack.run('ledger', 'rebuild', 'changed')).code).toBe(1);
  const exported = await stack.run('ledger', 'export', 'changed');
  expect(exported).toMatchObject({ code: 1, stderr: expect.stringContaining('(attested) was changed') as string });
  expect(exported.stdout.trimEnd().split('\n').length).toBeGreaterThan(only.entries);
});

test('a tail that was cut off together with the head is found by the launch, or by a head that somebody has kept', async () => {
  await started('cut');
  const { only } = await verified('cut');
  const { number, hash } = only.head;
  await stack.rows(`DELETE FROM "Fact" WHERE "launchId" = 'cut' AND number = $1`, [number]);
  await stack.rows(
    `UPDATE "Launch" SET "headNumber" = $1, "headHash" = (SELECT hash FROM "Fact" WHERE "launchId" = 'cut' AND number = $1) WHERE id = 'cut'`,
    [number - 1]
  );
  expect(await verified('cut', '--database-only')).toMatchObject({ code: 0, only: { vouchedTo: 0 } });
  for (const expected of [`${number}:${hash}`, `${hash}@${number}`]) {
    const found = await verified('cut', '--database-only', '--expect', expected);
    expect(found).toMatchObject({ code: 1, only: { findings: [{ code: 'CUT', number }] } });
  }
  expect(await verified('cut', '--expect', hash)).toMatchObject({ code: 1 });
});

test('an export can be verified without a database, to the byte', async () => {
  await started('exported');
  const file = join(stack.folder, 'exported.jsonl');
  const exported = await stack.json<{ ok: boolean; entries: number }>('ledger', 'export', 'exported', '--out', file);
  expect(exported).toMatchObject({ code: 0, value: { ok: true } });
  const { entries } = exported.value;
  expect(await verified('--file', file)).toMatchObject({ code: 0, only: { launch: 'exported', ok: true, entries } });
  const text = readFileSync(file, 'utf8');
  expect((await stack.run('ledger', 'export', 'exported')).stdout).toBe(text);

  const lines = text.trimEnd().split('\n');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('�');
  const cases: Array<[string, string | Buffer, string]> = [
    ['one byte', Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]), 'UNREADABLE'],
    ['changed', text.replace('"type":"attested"', '"type":"Attested"'), 'CHANGED'],
    ['spaced', text.replace(',"at":', ', "at":'), 'CHANGED'],
    ['swapped', [lines[0], lines[2], lines[1], ...lines.slice(3), ''].join('\n'), 'MISSING'],
    ['shorter', `${lines.slice(0, -1).join('\n')}\n`, 'CUT'],
    ['broken', `${lines.slice(0, -1).join('\n')}\n{"launch"\n`, 'UNREADABLE'],
    ['carriage', text.replace('\n', '\r\n'), 'UNREADABLE'],
  ];
  for (const [name, changed, code] of cases) {
    const path = join(stack.folder, `${name}.jsonl`);
    writeFileSync(path, changed);
    const found = await verified('--file', path);
    expect([name, found.code, found.only.findings[0]?.code]).toEqual([name, 1, code]);
  }
});

test('rows that were changed by hand are made anew, and what was wrong is said', async () => {
  await started('rows');
  await stack.rows(`UPDATE "Item" SET status = 'dropped' WHERE "launchId" = 'rows'`);
  const { value } = await stack.json<{ differed: unknown[] }>('ledger', 'rebuild', 'rows');
  expect(value.differed).toMatchObject([{ row: 'item SEEN', was: { status: 'dropped' }, is: { status: 'resolved' } }]);
  expect((await stack.run('ledger', 'rebuild', 'rows')).stdout).toBe('The rows of rows were as its ledger says.\n');
});

test.each<[string[], number, string]>([
  [['verify', 'nobody'], 2, 'NOT_FOUND'],
  [['verify', 'rows', '--expect', 'f00'], 2, 'BAD_INPUT'],
  [['verify', '--expect', 'f'.repeat(64)], 2, 'BAD_INPUT'],
  [['verify', '--file', 'nothing-here'], 2, 'BAD_INPUT'],
  [['verify', '--file', 'package.json'], 2, 'BAD_INPUT'],
  [['export', 'nobody', '--out', 'x'], 2, 'NOT_FOUND'],
  [['export', 'rows'], 2, 'BAD_INPUT'],
  [['rebuild', 'nobody'], 2, 'NOT_FOUND'],
  [['rebuild'], 2, 'BAD_INPUT'],
  [['burn'], 2, 'BAD_INPUT'],
  [['verify', '--data', '/nowhere'], 3, 'DATABASE_UNAVAILABLE'],
])('launch ledger %j ends with %i, %s', async (args, exit, code) => {
  expect(await stack.refused('ledger', ...args)).toEqual({ exit, code });
});
