import { ledgerLines } from '../../cli/ledger-report';
import { styleFor } from '../../cli/style';
import { chainOn, chainStart, ChainWalk, type ChainEntry, type KeptHead } from '../../domain/ledger-chain';

const content = (seq: number) => ({
  launch: 'shop',
  position: String(seq),
  workflow: 'launch:shop',
  firstRun: 'run',
  seq,
  item: null,
  type: 'noted',
  at: seq,
  body: { seq },
  recordedAt: seq,
});
const entries = chainOn(chainStart('shop'), [1, 2, 3].map(content));
const head = { number: 3, hash: entries[2]!.hash };

function lastLine(all: readonly ChainEntry[], kept: KeptHead[]): string | undefined {
  const chain = new ChainWalk('shop', kept);
  for (const entry of all) chain.take(entry);
  return ledgerLines(chain.end(head), styleFor({ isTTY: false }, {}))
    .at(-1)
    ?.trim();
}

const changed = [entries[0]!, { ...entries[1]!, at: 7 }, entries[2]!];
const fits: KeptHead = { ...head, from: 'the running launch' };
const other: KeptHead = { number: 3, hash: '0'.repeat(64), from: '--expect' };

test.each<[string, { all: readonly ChainEntry[]; kept: KeptHead[] }, string]>([
  ['a sound chain and its head', { all: entries, kept: [fits] }, 'all of it is vouched for by the running launch'],
  ['a sound chain and nobody', { all: entries, kept: [] }, 'nothing outside of the database vouches for any of it'],
  [
    'a broken one and its head',
    { all: changed, kept: [fits] },
    'entry 3 itself is the one that the running launch vouches for',
  ],
  [
    'a broken one and another head',
    { all: changed, kept: [other] },
    'no head that was kept outside of the database fits it',
  ],
  ['a broken one and nobody', { all: changed, kept: [] }, 'nothing outside of the database vouches for any of it'],
])('what is vouched for is said of %s, and of no more', (_, { all, kept }, said) => {
  expect(lastLine(all, kept)).toBe(said);
});
