import { importDirection } from '../../plan/import/import-direction';
import { directions, fixture, others } from './documents';

function contradictionsOf(text: string): Array<{ lines: number[]; text: string }> {
  return importDirection(text, { file: 'some.md' }).contradictions;
}

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

test('the fixture contradicts itself in these places and nowhere else', () => {
  expect(contradictionsOf(fixture.text).map(({ lines }) => lines)).toEqual([
    [9, 11, 15, 225],
    [9, 11, 17, 67, 187, 188, 198, 216, 250],
    [67, 79, 198],
    [79, 155],
    [80, 155, 208, 224],
    [116, 172],
    [132, 138],
    [145, 191],
    [161, 188],
    [193, 228],
    [213, 215, 251],
  ]);
});

describe.each(directions)('$name', ({ text }) => {
  const found = contradictionsOf(text);
  const about = (...parts: string[]): boolean => {
    const lines = parts.map((part) => lineOf(text, part));
    return found.some((each) => lines.every((line) => each.lines.includes(line)));
  };

  test.each([
    ['a count against its list', 'blockers** identified'],
    ['all blockers against all musts', 'If all blockers resolved', '"Must Have" items'],
    ['an announcement before the last assessment', 'Announce 24h', 'Final launch readiness'],
    [
      'a blocker that is only a should',
      /staging/i.test(text) ? '❌ User testing' : '❌ Pilot sessions',
      /staging/i.test(text) ? '[ ] User testing' : '[ ] Pilot sessions',
    ],
    [
      'verified and pending',
      'audit complete (',
      '⚠️ MCP evidence|⚠️ Customs'.split('|').find((part) => text.includes(part))!,
    ],
    ['two P0 tasks listed as P1', '2 P0 tasks', '(P1 - After Coordination)'],
    ['two dates', '**DEADLINE:** This week', '**Evening:** Make decisions'],
    ['critical, P1 and nice to have', '(can add post-launch)', '**PRIORITY:** P1'],
  ])('finds %s', (_, ...parts) => {
    expect(about(...parts)).toBe(true);
  });
});

const plain = (gates: string): string => `# Launch of a thing - 2026-03-02\n\n## Launch criteria\n${gates}\n`;

test('a document at peace with itself has no contradiction', () => {
  const text = plain(
    '### Must Have\n- [x] Load test (99.2% pass, 12/12 done)\n- [ ] Pending orders page\n### Should Have\n- [ ] Blog post\n\n## Timeline\n- Tue 2026-03-03: Load test\n- Launch on Friday, March 6, 2026'
  );
  expect(contradictionsOf(text)).toEqual([]);
});

test.each([
  ['a ticked box with a part of the whole', '### Must Have\n- [x] Sign-offs (8/12 complete)', [5]],
  ['a ticked box that is blocked', '### Must Have\n- [x] Review (BLOCKED by legal)', [5]],
  ['one thing in two gates', '### Must Have\n- [ ] Nightly backups\n### Nice to Have\n- [ ] Backups nightly', [5, 7]],
  ['a weekday that is not the date', '### Must Have\n- [ ] Rehearsal on Monday, 2026-03-03', [5]],
  [
    'names against their number',
    '### Must Have\n- [ ] Pages\n\n## Idle\n- **ANA:** none\n- **BOB:** none\n\n2 idle\n\n3 people (ANA, BOB)',
    [13],
  ],
])('finds %s', (_, gates, lines) => {
  expect(contradictionsOf(plain(gates)).map((each) => each.lines)).toEqual([lines]);
});

const taskList = others.find(({ name }) => name.includes('launch-checklist'));
test('a filled checklist of tables: what is ticked and not done', () => {
  if (!taskList) return expect(others).toEqual([]);
  const lines = contradictionsOf(taskList.text).map((each) => each.lines);
  expect(lines).toEqual(expect.arrayContaining([[53, 125], [84, 135], [125], [127]]));
});
