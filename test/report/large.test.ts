import type { LedgerContent } from '../../domain/ledger-chain';
import type { Json, ProbeCheck } from '../../domain/plan';
import type { WrittenFact } from '../../domain/replay';
import { checkRef } from '../../domain/criterion';
import { MINUTE } from '../../domain/units';
import { MOST_ROWS } from '../../report/document';
import { gatherReport } from '../../report/gather';
import { renderHtml } from '../../report/html';
import { renderMarkdown } from '../../report/markdown';
import { item, NOON, planOf, probe } from '../support/plans';
import { ledgerOf, sourcesOf } from '../support/rehearsed-report';

const ITEMS = 1_000;
const RUNS = 20;
const SEEN = 'x'.repeat(2_000);

/** A launch of a thousand items, each looked at until it has fallen ten times. */
function large(): { id: string; contents: LedgerContent[] } {
  const ids = Array.from({ length: ITEMS }, (_, index) => `ITEM-${index}`);
  const criterion = probe('up');
  const items = ids.map((id) => item(id, { criteria: [criterion], title: `${id} <b>&` }));
  const plan = planOf({ items, must: ids });
  const check = checkRef(criterion.check as ProbeCheck, 1);
  const facts = ids.flatMap((id) =>
    Array.from({ length: RUNS }, (_, seq): WrittenFact => {
      const at = NOON + seq * MINUTE;
      const measurement = { outcome: seq % 2 ? 'passed' : 'failed', begunAt: at, at, seen: SEEN, inRow: 1 };
      const body = { criterion: 'up', measurement, check } as unknown as Json;
      return { workflow: `launch:${plan.id}:item:${id}`, item: id, seq, type: 'measured', at, body };
    })
  );
  return { id: plan.id, contents: ledgerOf(plan, facts) };
}

test('of 1,000 items and 20,000 facts it has every item, in a file that can be opened', async () => {
  const { id, contents } = large();
  expect(contents.length).toBeGreaterThan(ITEMS * RUNS);
  const report = await gatherReport(sourcesOf(contents), id, { at: NOON + 60 * MINUTE });
  expect(report.notKnown).toEqual([]);
  expect(report.items).toHaveLength(ITEMS);
  expect(report.items!.every(({ criteria }) => criteria[0]!.metBy !== null)).toBe(true);
  const page = renderHtml(report);
  for (const [index, { id: each }] of report.items!.entries()) {
    if (index % 100 === 0) expect(page).toContain(`>${each}<`);
  }
  expect(page.match(/<svg class="plot" viewBox="0 0 1000/g)).toHaveLength(Math.ceil(ITEMS / 24));
  expect(page.length).toBeLessThan(20_000_000);
  expect(renderMarkdown(report).length).toBeLessThan(20_000_000);
});

test('what is longer than a table holds says how much is left out', async () => {
  const { id, contents } = large();
  const body = { by: 'pilot', reason: 'r', risk: 'k', criterion: 'up', until: NOON + 90 * MINUTE } as unknown as Json;
  const last = contents.at(-1)!;
  const waivers = Array.from({ length: MOST_ROWS + 5 }, (_, n) => ({
    ...last,
    type: 'waiverGiven',
    body,
    seq: 5_000 + n,
  }));
  const report = await gatherReport(sourcesOf([...contents, ...waivers]), id, { at: NOON + 60 * MINUTE });
  expect(report.waivers).toHaveLength(MOST_ROWS + 5);
  expect(renderHtml(report)).toContain('5 more rows');
  expect(renderMarkdown(report)).toContain('5 more rows');
});
