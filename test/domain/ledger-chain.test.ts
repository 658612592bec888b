import { createHash } from 'node:crypto';
import { canonicalJson, digestOf } from '../../domain/digest';
import { readHead } from '../../domain/ledger';
import {
  chainOn,
  chainStart,
  ChainWalk,
  entryHash,
  type ChainEntry,
  type LedgerContent,
} from '../../domain/ledger-chain';

const content = (seq: number): LedgerContent => ({
  launch: 'storefront-2',
  position: String(seq + 10),
  workflow: 'launch:storefront-2',
  firstRun: 'run',
  seq,
  item: null,
  type: 'noted',
  at: 1_700_000_000_000 + seq,
  body: { seq },
  recordedAt: 1_700_000_001_000 + seq,
});
const entries = chainOn(chainStart('storefront-2'), [0, 1, 2, 3, 4, 5].map(content));
const head = { number: 6, hash: entries[5]!.hash };

function walk(
  all: readonly ChainEntry[],
  more: { head?: typeof head; kept?: Array<{ number?: number; hash: string }> } = {}
) {
  const chain = new ChainWalk(
    'storefront-2',
    (more.kept ?? []).map((each) => ({ ...each, from: 'somebody' }))
  );
  for (const entry of all) chain.take(entry);
  return chain.end(more.head ?? head);
}
const found = (...given: Parameters<typeof walk>) => walk(...given).findings.map(({ code, number }) => [code, number]);

/** The examples of RFC 8785, sections 3.2.2 and 3.2.3. */
test.each<[unknown, string]>([
  [
    {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000F\nA\'B"\\\\"/',
      literals: [null, true, false],
    },
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  ],
  [
    {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew',
      1: 'One',
      '😀': 'Emoji',
      '\u0080': 'Control',
      ö: 'o',
    },
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Emoji","\ufb33":"Hebrew"}',
  ],
])('JSON is canonical as RFC 8785 has it: %#', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
  expect(digestOf(value)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
});

test('a chain holds, and each entry covers all of itself and the entry before', () => {
  expect(walk(entries)).toMatchObject({ findings: [], broken: 0, entries: 6, head, vouchedTo: 0 });
  const [first] = entries as [ChainEntry];
  expect(first.previous).toBe(chainStart('storefront-2').hash);
  for (const key of Object.keys(first) as Array<keyof ChainEntry>) {
    if (key !== 'hash') expect(entryHash({ ...first, [key]: 'x' })).not.toBe(first.hash);
  }
});

test('the entries of one launch are not those of another', () => {
  const other = new ChainWalk('storefront-3', []);
  other.take(entries[0]!);
  expect(other.end({ number: 1, hash: entries[0]!.hash }).findings).toMatchObject([{ code: 'RELINKED', number: 1 }]);
});

const rewritten = (from: number): ChainEntry[] => {
  const before = entries[from - 2] ?? chainStart('storefront-2');
  const contents = entries.slice(from - 1).map(({ seq }) => ({ ...content(seq!), body: 'other' }));
  return [...entries.slice(0, from - 1), ...chainOn(before, contents)];
};

test.each<[string, ChainEntry[], Array<[string, number]>]>([
  ['a change', entries.map((each) => (each.number === 3 ? { ...each, type: 'other' } : each)), [['CHANGED', 3]]],
  ['a changed hash', entries.map((each) => (each.number === 3 ? { ...each, hash: 'f00' } : each)), [['CHANGED', 3]]],
  ['a change with its hash', [...entries.slice(0, 2), rewritten(3)[2]!, ...entries.slice(3)], [['RELINKED', 4]]],
  ['a gap', entries.filter(({ number }) => number !== 3 && number !== 4), [['MISSING', 3]]],
  ['none at the beginning', entries.slice(1), [['MISSING', 1]]],
  ['a cut tail', entries.slice(0, 4), [['CUT', 5]]],
  ['nothing left', [], [['CUT', 1]]],
  ['a number twice', [...entries.slice(0, 3), entries[2]!, ...entries.slice(3)], [['TWICE', 3]]],
  ['all written anew from an entry on', rewritten(5), [['HEAD', 6]]],
])('says where %s is', (_, all, expected) => {
  expect(found(all)).toEqual(expected);
});

test('what is written anew, or cut off, together with its own head, only a head kept outside tells', () => {
  const anew = rewritten(5);
  const end = { number: 6, hash: anew[5]!.hash };
  expect(found(anew, { head: end })).toEqual([]);
  expect(found(anew, { head: end, kept: [entries[3]!] })).toEqual([]);
  expect(found(anew, { head: end, kept: [entries[3]!, entries[4]!] })).toEqual([['NOT_VOUCHED', 5]]);
  expect(found(anew, { head: end, kept: [{ hash: entries[4]!.hash }] })).toEqual([['NOT_VOUCHED', 1]]);
  const cut = entries.slice(0, 4);
  const cutHead = { number: 4, hash: cut[3]!.hash };
  expect(found(cut, { head: cutHead })).toEqual([]);
  expect(found(cut, { head: cutHead, kept: [head] })).toEqual([['CUT', 5]]);
});

test('says up to which entry somebody outside vouches', () => {
  expect(walk(entries, { kept: [entries[1]!, { hash: entries[3]!.hash }] })).toMatchObject({
    findings: [],
    vouchedTo: 4,
    kept: [{ holds: true }, { holds: true }],
  });
});

test('of much that is broken the beginning is told, and the rest counted', () => {
  const many = chainOn(
    chainStart('storefront-2'),
    Array.from({ length: 50 }, (__, seq) => content(seq))
  );
  const report = walk(
    many.map((each) => ({ ...each, at: 0 })),
    { head: { number: 50, hash: many[49]!.hash } }
  );
  expect(report.broken).toBe(50);
  expect(report.findings.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (__, n) => n + 1));
});

test.each([
  undefined,
  null,
  1,
  'x',
  {},
  { number: 1 },
  { number: -1.5, hash: head.hash },
  { number: 1, hash: 'short' },
])('is no head: %j', (value) => expect(readHead(value)).toBeUndefined());
