import pc from 'picocolors';
import { itemPage, renderItem } from '../../cli/render-item';
import { boardOf } from '../../domain/board';
import { Rehearsal } from '../../domain/simulate';
import { DAY } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

const long = `seen by everyone ${'who matters '.repeat(20)}in the end`;

function shown(): string {
  const api = item('API', {
    title: 'The API answers',
    impact: 'Nobody can buy',
    reportedBy: ['pilot'],
    priority: 'P0',
    deadline: { at: NOON + DAY },
    criteria: [probe('up'), { ...human('seen', ['qa', 'pilot']), title: long }],
  });
  const run = new Rehearsal(planOf({ items: [api], must: ['API'] }), NOON, () => 'failed');
  run.actOnItem('API', { type: 'attest', by: 'qa', criterion: 'seen', evidence: { note: 'it\u001b[31m works' } });
  run.actOnItem('API', { type: 'comment', by: 'dev', text: 'the vendor answers at nine' });
  const { launch, now, items } = run.world;
  const board = boardOf(launch, now);
  const page = itemPage(board, items['API']!)!;
  return renderItem(page, items['API']!, { now, width: 80, style: pc.createColors(false), zone: board.timezone });
}

test('one item: what it is, each criterion whole, who can meet it and what was seen, what is awaited and was said', () => {
  const text = shown();
  expect(text.split('\n').slice(0, 2)).toEqual(['API: The API answers', 'demo · task · P0 · open']);
  expect(text).toContain('Impact: Nobody can buy');
  expect(text).toContain('Reported by: pilot');
  expect(text).toContain('Due: Tue 2025-10-28 12:00 UTC, in 1 d');
  expect(text).toContain('Criteria  1 of 2 met');
  expect(text).toMatch(/✗ unmet +up\n +up answers\n +check 'http', every 1 min\n +failed/);
  expect(text).toMatch(/✓ met +seen\n/);
  expect(text.replace(/\s+/g, ' ')).toContain(long.replace(/\s+/g, ' '));
  expect(text).toContain('the word of qa or pilot');
  expect(text).toContain('it [31m works');
  expect(text).toContain("make 'up answers' pass");
  expect(text).toContain('dev, in 0 s: the vendor answers at nine');
});
