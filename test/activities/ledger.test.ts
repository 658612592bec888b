import { ApplicationFailure } from '@temporalio/common';
import { createLedgerActivities } from '../../activities/ledger';
import type { FactBatch } from '../../domain/ledger';
import { openDatabase } from '../../prisma/database';
import { createStore } from '../../prisma/store';
import { freshDatabase } from '../support/database';

const batch: FactBatch = {
  launch: 'storefront-2',
  workflow: { id: 'launch:storefront-2', firstRunId: 'run' },
  facts: [{ seq: 0, at: 1_700_000_000_000, type: 'noted', body: { text: 'a' } }],
  rowSeq: 0,
};

async function record(url: string, given: FactBatch): Promise<unknown> {
  const database = openDatabase(url);
  try {
    return await createLedgerActivities(createStore(database)).recordFacts(given);
  } finally {
    await database.close();
  }
}

test('facts are written, and writing them again changes nothing', async () => {
  const { url } = await freshDatabase();
  const first = await record(url, batch);
  expect(first).toEqual({
    position: '1',
    head: { number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  });
  expect(await record(url, batch)).toEqual(first);
});

test('a database that is down is an error to retry', async () => {
  const attempt = record('postgresql://ana:secret@127.0.0.1:1/ledger', batch);
  await expect(attempt).rejects.toBeInstanceOf(ApplicationFailure);
  await expect(attempt).rejects.toMatchObject({ type: 'DATABASE_UNREACHABLE', nonRetryable: false });
  await expect(attempt).rejects.toThrow('ana@127.0.0.1:1/ledger');
  await expect(attempt).rejects.not.toThrow('secret');
});

test('a database that is not migrated is an error to retry', async () => {
  const attempt = record((await freshDatabase('empty')).url, batch);
  await expect(attempt).rejects.toMatchObject({ type: 'DATABASE_NOT_READY', nonRetryable: false });
});

test('facts that can never be written are not tried again', async () => {
  const { url } = await freshDatabase();
  await record(url, batch);
  const other = record(url, { ...batch, facts: [{ seq: 0, at: 0, type: 'other', body: null }] });
  await expect(other).rejects.toMatchObject({ type: 'FACT_REFUSED', nonRetryable: true });
});

test('what the payload converter could not decode is refused, not tried again', async () => {
  const { url } = await freshDatabase();
  const undecodable = record(url, { undecodable: 'no such encoding' } as unknown as FactBatch);
  await expect(undecodable).rejects.toMatchObject({ type: 'FACT_REFUSED', nonRetryable: true });
});
