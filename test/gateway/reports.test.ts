import pg from 'pg';
import { checkRef } from '../../domain/criterion';
import type { FactRecord } from '../../domain/ledger';
import type { Json, ProbeCheck } from '../../domain/plan';
import { Reports } from '../../gateway/reports';
import { openDatabase, type Database } from '../../prisma/database';
import { createStore, type Store } from '../../prisma/store';
import type { Report } from '../../report/schema';
import { compiled } from '../../stack/paths';
import { requireBuild } from '../support/built';
import { freshDatabase } from '../support/database';
import { gatewayAlone, OPERATOR_TOKEN, type GatewayAlone } from '../support/gateway-alone';
import { ask, type ProblemBody } from '../support/gateway';
import { item, NOON, planOf, probe } from '../support/plans';
import { until } from '../support/until';

const ITEMS = 300;
/** Of each item: 20,000 facts in all. */
const RUNS = 67;
/** Answers while the facts are taken through the rules and written down, where one that held up the gateway has none. */
const MEANWHILE = 20;

let database: Database;
let watching: pg.Client;
let store: Store;
let url: string;
let gateway: GatewayAlone;
let reports: Reports;

const nobody = async (): Promise<never> => Promise.reject(new Error('Temporal is not there'));
const made = (databaseUrl: string, heapMb?: number): Reports => {
  const launches = { board: nobody, ledgerHeads: nobody };
  return new Reports({ launches, databaseUrl }, { thread: compiled('gateway/report-thread.js'), heapMb });
};

async function write(id: string, items: number, runs: number): Promise<void> {
  const ids = Array.from({ length: items }, (_, index) => `ITEM-${index}`);
  const criterion = probe('up');
  const check = checkRef(criterion.check as ProbeCheck, 1);
  const plan = { ...planOf({ items: ids.map((each) => item(each, { criteria: [criterion] })), must: ids }), id };
  const workflow = { id: `launch:${id}`, firstRunId: 'run' };
  const row = { kind: 'launch' as const, title: plan.title, revision: 1, phase: 'preparing', launchAt: NOON, plan };
  const facts = [{ seq: 1, at: NOON, type: 'started', body: { by: 'ana' } }];
  await store.recordFacts({ launch: id, workflow, facts, row: row as never, rowSeq: 1 });
  for (const each of ids) {
    const measured = Array.from({ length: runs }, (_, seq): FactRecord => {
      const at = NOON + seq * 60_000;
      const measurement = { outcome: seq % 2 ? 'passed' : 'failed', begunAt: at, at, seen: 'x'.repeat(500), inRow: 1 };
      return { seq, at, type: 'measured', body: { criterion: 'up', measurement, check } as unknown as Json };
    });
    const of = { id: `${workflow.id}:item:${each}`, firstRunId: 'run' };
    await store.recordFacts({ launch: id, workflow: of, item: each, facts: measured, rowSeq: 1 });
  }
}

beforeAll(async () => {
  requireBuild();
  ({ url } = await freshDatabase());
  database = openDatabase(url);
  watching = new pg.Client(url);
  await watching.connect();
  store = createStore(database);
  await Promise.all([write('large', ITEMS, RUNS), write('small', 2, 2)]);
  reports = made(url);
  gateway = await gatewayAlone({ requestsPerMinute: 100_000 }, { deps: { reports } });
});
afterAll(async () => {
  await gateway?.close();
  await watching?.end();
  await database?.close();
});

const report = <Body>(id: string, at = gateway) =>
  ask<Body>(`${at.url}/api/launches/${id}/report?format=json`, { token: OPERATOR_TOKEN });

/** Whether the ledger is being read, by anybody but who asks. */
async function isRead(): Promise<boolean> {
  const { rows } = await watching.query(
    'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL'
  );
  return rows.length > 0;
}

test('while a report of 20,000 facts is made the gateway goes on answering, also when all of them were read', async () => {
  let isMade = false;
  const large = report<Report>('large').finally(() => (isMade = true));
  await until('the ledger to be read', isRead);
  await until('all of it to have been read', async () => !(await isRead()));
  let answered = 0;
  while (!isMade) {
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    if (!isMade) answered++;
  }
  const { status, body } = await large;
  expect(status).toBe(200);
  expect(body.items).toHaveLength(ITEMS);
  expect(body.ledger).toMatchObject({ facts: ITEMS * RUNS + 1, verified: true, unasked: 'Temporal is not there' });
  expect(body.made.text).toContain('did not answer (Temporal is not there)');
  expect(answered).toBeGreaterThan(MEANWHILE);
});

test('whoever asks for the same meanwhile gets the same; of another launch, or in another format, another', async () => {
  const [first, second, other] = await Promise.all(['small', 'small', 'nobody'].map((id) => report<Report>(id)));
  expect(second?.body.made).toEqual(first?.body.made);
  expect(first?.body).toMatchObject({ launch: 'small', notKnown: [] });
  expect(other).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  const page = await fetch(`${gateway.url}/api/launches/small/report`, {
    headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
  });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toMatch(/^<!doctype html>/);
});

test('without its database there is none, and it is said why', async () => {
  const away = new URL(url);
  away.port = '1';
  const without = await gatewayAlone({}, { deps: { reports: made(away.toString()) } });
  try {
    expect(await report<ProblemBody>('small', without)).toMatchObject({
      status: 503,
      body: { code: 'DATABASE_UNREACHABLE' },
    });
  } finally {
    await without.close();
  }
});

test('a ledger that takes more memory than a report may costs nothing but that report', async () => {
  const narrow = await gatewayAlone({}, { deps: { reports: made(url, 12) } });
  try {
    const { status, body } = await report<ProblemBody>('large', narrow);
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'TOO_LARGE' });
    expect((await fetch(`${narrow.url}/healthz`)).status).toBe(200);
  } finally {
    await narrow.close();
  }
});

test('of a gateway that is stopped no report is waited for', async () => {
  const stopped = made(url);
  const asked = ['large', 'small', 'nobody'].map((id) => stopped.read(id, 'html'));
  await stopped.stop();
  for (const each of asked) await expect(each).rejects.toMatchObject({ code: 'UNREACHABLE' });
});
