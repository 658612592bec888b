import { openDatabase, type Database } from '../../prisma/database';
import type { Prisma } from '../../prisma/generated/client';
import { parseBatch } from '../../prisma/batch';
import { writeBatch } from '../../prisma/write';
import { freshDatabase } from '../support/database';

let database: Database;
beforeAll(async () => {
  database = openDatabase((await freshDatabase()).url);
});
afterAll(() => database.close());

/** Every call of a transaction, on itself and on its tables. */
function counting<T extends object>(target: T, called: () => void): T {
  return new Proxy(target, {
    get: (on, name) => {
      const value: unknown = Reflect.get(on, name);
      if (typeof value === 'function')
        return (...args: unknown[]) => {
          called();
          return (value as (...given: unknown[]) => unknown).apply(on, args);
        };
      return typeof value === 'object' && value !== null ? counting(value, called) : value;
    },
  });
}

async function queriesOf(launch: string, facts: number): Promise<number> {
  let queries = 0;
  const batch = parseBatch({
    launch,
    workflow: { id: `launch:${launch}`, firstRunId: 'run' },
    facts: Array.from({ length: facts }, (_, seq) => ({ seq, at: seq, type: 'noted', body: { seq } })),
    row: { kind: 'item', id: 'A', itemKind: 'task', title: 'A', status: `${facts} facts`, owners: [] },
    rowSeq: facts,
  });
  await database.client.$transaction((tx) =>
    writeBatch(
      counting<Prisma.TransactionClient>(tx, () => queries++),
      batch
    )
  );
  return queries;
}

test('a write takes as many queries for two hundred facts as for one, and again when it is repeated', async () => {
  const [one, many] = [await queriesOf('one', 1), await queriesOf('many', 200)];
  expect(many).toBe(one);
  const again = await queriesOf('many', 200);
  process.stdout.write(`queries of a write: ${many} of a new launch, ${again} repeated\n`);
  expect(again).toBeLessThanOrEqual(many);
});
