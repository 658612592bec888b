import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger } from '../../prisma/ledger';
import { migrate, migrationsFolder } from '../../prisma/migrate';
import { createStore } from '../../prisma/store';
import { freshDatabase } from '../support/database';

const CHAIN = '20261128000000_ledger_chain';

const folders: string[] = [];
const opened: Database[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())));

/** The migrations as they were before there was a chain. */
function migrationsBefore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'launch-migrations-'));
  folders.push(folder);
  for (const name of readdirSync(migrationsFolder()))
    if (name < CHAIN || name.endsWith('.toml'))
      cpSync(join(migrationsFolder(), name), join(folder, name), { recursive: true });
  return folder;
}

/** As a version without a chain has left it: 1,200 facts of one launch, one of another. */
const OLD = `
  INSERT INTO "Launch" ("id", "seq", "title", "revision", "phase", "launchAt", "plan", "planSeq") VALUES
    ('old', 7, 'Old \\u0000', 1, 'preparing', '2030-01-01', '{"items": [1.50], "b": {"z": 1, "a": 2}}', 3);
  INSERT INTO "Launch" ("id") VALUES ('items-only');
  INSERT INTO "Item" ("launchId", "id", "seq", "kind", "title", "status", "owners", "deadline") VALUES
    ('old', 'A', 4, 'task', 'A', 'open', '{dev}', '2030-01-01'), ('items-only', 'B', 0, 'task', 'B', 'open', '{}', NULL);
  INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "itemId", "type", "at", "body")
    SELECT 'old', 'launch:old', 'run', n, NULL, 'noted', '2029-01-01', jsonb_build_object('n', n, 'x', 0.5)
    FROM generate_series(0, 1199) AS n;
  INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "itemId", "type", "at", "body")
    VALUES ('items-only', 'launch:items-only:item:B', 'run', 0, 'B', 'opened', '2029-01-01', '{}')`;

async function upgraded() {
  const fresh = await freshDatabase('empty');
  await migrate(fresh.url, { migrations: migrationsBefore() });
  await fresh.admin(OLD);
  const lines: string[] = [];
  await migrate(fresh.url, { report: (line) => lines.push(line) });
  const database = openDatabase(fresh.url);
  opened.push(database);
  return { fresh, lines, store: createStore(database), ledger: createLedger(database) };
}

test('what was written before there was a chain is chained by migrating, once', async () => {
  const { fresh, lines, store, ledger } = await upgraded();
  expect(lines).toContain('Ledger chained: 1201 facts of 2 launches');
  const { head, ...report } = await ledger.verify('old');
  expect(report).toMatchObject({ entries: 1_202, findings: [] });
  expect(await ledger.verify('items-only')).toMatchObject({ entries: 2, findings: [] });
  const again: string[] = [];
  await migrate(fresh.url, { report: (line) => again.push(line) });
  expect(again).toEqual([]);
  expect((await ledger.verify('old')).head).toEqual(head);
  expect((await store.facts('old')).map(({ seq }) => seq).slice(0, 3)).toEqual([0, 1, 2]);
});

test('its rows can be rebuilt, and it goes on as if it had always been chained', async () => {
  const { fresh, store, ledger } = await upgraded();
  const before = await store.launch('old');
  expect(await ledger.rebuild('old')).toMatchObject({ report: { broken: 0 }, differed: [] });
  await fresh.admin(`UPDATE "Launch" SET "plan" = NULL, "phase" = 'x'; DELETE FROM "Item"`);
  const { differed } = await ledger.rebuild('old');
  expect(differed.map(({ row }) => row)).toEqual(['launch', 'plan', 'item A']);
  expect(await store.launch('old')).toEqual({ ...before, updatedAt: expect.any(Number) as number });
  const workflow = { id: 'launch:old', firstRunId: 'run' };
  const facts = [1199, 1200].map((seq) => ({ seq, at: Date.UTC(2029, 0), type: 'noted', body: { n: seq, x: 0.5 } }));
  expect(await store.recordFacts({ launch: 'old', workflow, facts, rowSeq: 0 })).toMatchObject({
    head: { number: 1_203 },
  });
  expect(await ledger.verify('old')).toMatchObject({ entries: 1_203, findings: [] });
});

test('facts that stand outside of a chain are named, and chained only when somebody says so', async () => {
  const { fresh, ledger } = await upgraded();
  await fresh.admin(
    `INSERT INTO "Fact" ("launchId", "workflowId", "firstRunId", "seq", "type", "at", "body")
     VALUES ('old', 'launch:old', 'run', 1200, 'noted', '2029-01-01', '{}')`
  );
  expect(await ledger.verify('old')).toMatchObject({ findings: [{ code: 'UNCHAINED' }] });
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  await migrate(fresh.url, { report });
  expect(lines).toEqual([
    expect.stringMatching(/^Launches with facts outside of their chain: old\. .*ledger verify.*migrate --chain$/),
  ]);
  expect(await ledger.verify('old')).toMatchObject({ findings: [{ code: 'UNCHAINED' }] });
  await migrate(fresh.url, { report, chain: true });
  expect(lines.slice(1)).toEqual(['Ledger chained: 1 facts of 1 launches']);
  expect(await ledger.verify('old')).toMatchObject({ entries: 1_203, findings: [] });
});

test('what is changed in it afterwards is found', async () => {
  const { fresh, ledger } = await upgraded();
  await fresh.admin(`UPDATE "Fact" SET "body" = '{"n": 700, "x": 0.6}' WHERE "seq" = 700`);
  expect(await ledger.verify('old')).toMatchObject({ findings: [{ code: 'CHANGED', number: 701 }] });
});
