import { importDirection } from '../../plan/import/import-direction';
import type { PlanDocument } from '../../plan/schema';
import { directions } from './documents';

/** New names for everything written in capitals, besides what the words of such documents are made of. */
const VOCABULARY =
  /^(?:[A-Z]\d?|ACTIONS?|AGENTS?|ALL|ASSIGNED|ASSIGNMENTS|ACCEPTANCE|REQUIRED|AWAIT\w*|BLOCKED|BLOCKERS?|CEO|MANAGER|CLEAR|COMMUNICATION|COMPLETIONS?|COORD|COORDINATION|CRITERIA|CRITICAL|DEADLINE|DECISIONS?|DELAY|DEPLOYED|DO|EOD|EVIDENCE|FIRST|FIX|FOR|GO|HTTP|IDLE|LAUNCH|METRICS|NEEDED|NEXT|NOT|NOW|OK|OPTIONS|PRIORITY|P\d|READINESS|SHIP|SLA|SOLUTION|SUCCESS|TASK|THEN|THESE|TIMELINE|TODAY|UNBLOCK|URGENT|UTC|AM|VERIFICATION|VERIFY|IMPLEMENTATION|CONTINUE|SUPPORT)$/;

function renaming(text: string): Map<string, string> {
  const words = [...new Set(text.match(/\b[A-Z]{2,}(?:-[A-Z]+)*\d*\b/g) ?? [])].flatMap((word) => word.split('-'));
  const known = [...new Set(words)].filter((word) => !VOCABULARY.test(word) && !/^\d+$/.test(word));
  return new Map(
    known.map((word, index) => [
      word,
      `X${String.fromCharCode(65 + (index % 26))}Q${String.fromCharCode(65 + Math.floor(index / 26))}`,
    ])
  );
}

function renamed(text: string, names: Map<string, string>): string {
  const later = text.replace(/\b2025-10-(\d\d)\b/g, '2031-10-$1').replace(/\b2026-06-(\d\d)\b/g, '2031-09-$1');
  return later.replace(/(?<![a-z])[A-Z]+\d*(?![a-z])/g, (word) => names.get(word) ?? word);
}

/** The plan as a graph over source lines, so that names do not matter. */
function shapeOf(plan: PlanDocument): unknown {
  const line = new Map(plan.items?.map(({ id, source }) => [id, source]));
  const lines = (ids: string[] | undefined): unknown[] => (ids ?? []).map((id) => line.get(id));
  return {
    items: plan.items?.map((item) => ({
      source: item.source,
      kind: item.kind,
      owners: [item.owners ?? []].flat().length,
      reportedBy: [item.reportedBy ?? []].flat().length,
      priority: item.priority,
      due: item.deadline !== undefined,
      startAs: item.startAs,
      edges: [lines(item.after), lines(item.unblocks), lines(item.verifies), lines(item.orders)],
      options: item.options?.map(({ opens, source }) => [source, lines(opens)]),
      acceptance: item.acceptance?.map(
        (each) => [each.source, each.claim !== undefined, each.attest, each.acknowledge?.quorum].length
      ),
    })),
    gates: Object.entries(plan.gates).map(([gate, entries]) => [
      gate,
      entries?.map(({ item, source, check }) => [source, item && line.get(item), check?.type]),
    ]),
    milestones: plan.launch.milestones?.map(({ source, items }) => [source, lines(items)]),
    authority: plan.launch.authority,
    people: plan.people.length,
  };
}

describe.each(directions)('$name', ({ name, text }) => {
  const before = importDirection(text, { file: name });

  test('with other names, ids and dates is the same graph, with the same contradictions', () => {
    const names = renaming(text);
    expect(names.size).toBeGreaterThan(15);
    const after = importDirection(renamed(text, names), { file: name });
    expect(shapeOf(after.plan)).toEqual(shapeOf(before.plan));
    expect(after.contradictions.map(({ lines }) => lines)).toEqual(before.contradictions.map(({ lines }) => lines));
  });

  test('with one blocker less counts one less, and says that the figure is wrong', () => {
    const parts = text.split(/^(?=### BLOCKER \d)/m);
    const fewer = importDirection([...parts.slice(0, 2), ...parts.slice(3)].join(''), { file: name });
    expect(fewer.understood.blockers).toBe(before.understood.blockers - 1);
    const said = fewer.contradictions.find((each) => /blockers are counted/.test(each.text));
    expect(said?.text).toContain(
      `${before.understood.blockers} blockers are counted, and ${fewer.understood.blockers} are listed`
    );
  });
});
