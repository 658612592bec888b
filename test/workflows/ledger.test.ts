import { createLedgerActivities } from '../../activities/ledger';
import { headText, type LedgerHead } from '../../domain/ledger';
import { reportOf } from '../../domain/item-state';
import { HOUR, MINUTE, SECOND } from '../../domain/units';
import { openDatabase, type Database } from '../../prisma/database';
import { createLedger } from '../../prisma/ledger';
import { createStore } from '../../prisma/store';
import { itemQuery, ledgerQuery, reportSignal } from '../../workflows/messages';
import { breakable, type Breakable } from '../support/breakable';
import { freshDatabase } from '../support/database';
import { human, item, planOf } from '../support/plans';
import { until } from '../support/until';
import { useSkippingServer, type SkippingLaunch } from '../support/skipping';
import { FakeWorld } from '../support/workflows';

const skippingLaunch = useSkippingServer();

let way: Breakable;
let database: Database;
/** A real ledger behind the workflows. */
const world = () => {
  const made = new FakeWorld();
  made.instead = createLedgerActivities(createStore(database));
  return made;
};

beforeAll(async () => {
  way = await breakable((await freshDatabase()).url);
  database = openDatabase(way.url);
});
afterAll(async () => {
  await database.close();
  await way.cut();
});

/** With nothing left to write, so that the database is not closed under a write. */
async function ended(launch: SkippingLaunch): Promise<void> {
  await launch.tell('cancel', { by: 'ana', reason: 'enough' });
  await Promise.all([launch.handle.result(), launch.item('A').result()]);
}

/** Every workflow's facts, and whether their sequences are 0, 1, 2, … */
async function sequences(launch: string): Promise<{ [workflow: string]: boolean }> {
  const by = new Map<string, number[]>();
  for (const { workflow, seq } of await createStore(database).facts(launch))
    by.set(workflow.id, [...(by.get(workflow.id) ?? []), seq]);
  return Object.fromEntries(
    [...by].map(([id, seqs]) => [id, seqs.toSorted((a, b) => a - b).every((seq, n) => seq === n)])
  );
}

test('with the database gone for an hour the launch goes at its instant; then all arrives, once and in one chain', async () => {
  let T = 0;
  await skippingLaunch(
    (now) =>
      planOf({
        items: [item('A', { criteria: [human('x', ['qa'])] }), item('B')],
        must: ['A', 'B'],
        launch: { at: (T = now + 2 * HOUR) },
      }),
    async (launch) => {
      const store = createStore(database);
      await launch.sleepUntil(T - HOUR - MINUTE);
      const before = await until('a head', () => launch.handle.query(ledgerQuery).then((head) => head ?? undefined));
      await way.cut();
      await launch.tellItem('A', 'attest', { by: 'qa', criterion: 'x' });
      await launch.tellItem('B', 'attest', { by: 'dev' });
      await launch.signAll();
      await launch.sleepUntil(T);
      const decided = await until('the verdict', async () => (await launch.board()).verdict.at ?? undefined);
      expect(Date.parse(decided) - T).toBeLessThan(2 * SECOND);
      expect(await launch.handle.query(ledgerQuery)).toEqual(before);
      await expect(store.facts(launch.id)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
      expect((await launch.handle.describe()).status.name).toBe('RUNNING');
      await way.mend();

      const result = await launch.handle.result();
      expect(result).toMatchObject({ verdict: 'GO', how: 'launched' });
      await Promise.all(['A', 'B'].map((id) => launch.item(id).result()));
      const found = await sequences(launch.id);
      expect(found).toEqual(
        Object.fromEntries(
          [launch.id, `${launch.id}:item:A`, `${launch.id}:item:B`].map((id) => [`launch:${id}`, true])
        )
      );
      const types = (await store.facts(launch.id)).flatMap(({ item: of, type }) => (of === undefined ? [type] : []));
      for (const once of ['started', 'decided', 'ended']) expect(types.filter((type) => type === once)).toHaveLength(1);
      expect(types.filter((type) => type === 'signedOff')).toHaveLength(2);
      expect(await store.launch(launch.id)).toMatchObject({ phase: 'launched', verdict: { value: 'GO' } });

      const kept = [before, result.ledger!].map((head) => ({ ...head, from: 'the launch' }));
      const report = await createLedger(database).verify(launch.id, kept);
      expect(report).toMatchObject({ findings: [], vouchedTo: result.ledger!.number });
      expect(await createLedger(database).rebuild(launch.id)).toMatchObject({ differed: [] });
    },
    world()
  );
});

test('whoever signs is told the head', async () => {
  const told = world();
  const heads = (): LedgerHead[] =>
    told.sent.flatMap(({ notice }) => {
      const [, number, hash] = /\nLedger: (\d+):([0-9a-f]{64})$/.exec(notice.text) ?? [];
      return number && hash ? [{ number: Number(number), hash }] : [];
    });
  await skippingLaunch(
    (now) => planOf({ launch: { at: now + 20 * HOUR } }),
    async (launch) => {
      await launch.sleepUntil((await launch.env.currentTimeMs()) + MINUTE);
      await launch.tellItem('A', 'attest', { by: 'dev' });
      await until('they are asked to sign', () => Promise.resolve(heads().length > 0));
      await launch.signAll();
      const signed = heads().length;
      await launch.tell('reschedule', {
        by: 'ana',
        at: (await launch.env.currentTimeMs()) + 30 * HOUR,
        reason: 'later',
      });
      await until('they are told that it is void', () => Promise.resolve(heads().length > signed));
      const kept = heads().map((head) => ({ ...head, from: headText(head) }));
      const report = await createLedger(database).verify(launch.id, kept);
      expect(report).toMatchObject({ findings: [], kept: kept.map((head) => ({ ...head, holds: true })) });
      await ended(launch);
    },
    told
  );
});

test("an item's report brings the head that the item knows, and an older one changes nothing", async () => {
  await skippingLaunch(
    (now) => planOf({ launch: { at: now + 20 * HOUR } }),
    async (launch) => {
      await until('a head', () => launch.handle.query(ledgerQuery).then((head) => head ?? undefined));
      const report = reportOf(await launch.item('A').query(itemQuery));
      const [newest, older] = [999, 998].map((number) => ({ number, hash: String(number).repeat(22).slice(0, 64) }));
      for (const ledger of [newest, older, { number: 'x' }])
        await launch.handle.signal(reportSignal, { item: 'A', report, ledger } as never);
      expect(await launch.handle.query(ledgerQuery)).toEqual(newest);
      await ended(launch);
    },
    world()
  );
});
