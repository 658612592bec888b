import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram, everyCommand } from '../../cli/program';
import { Rehearsal } from '../../domain/simulate';
import { boardOf } from '../../domain/board';
import { DAY } from '../../domain/units';
import { projectRoot } from '../../stack/paths';
import { human, item, NOON, planOf } from '../support/plans';
import { wordsOf } from '../support/cli';

/** The whole command line with nothing behind it: what is left is whether a line can be said at all. */
function mute(): Command {
  const program = createProgram();
  for (const command of everyCommand(program))
    if (command.commands.length === 0) command.action(() => undefined).configureOutput({ writeErr: () => undefined });
  return program.configureOutput({ writeErr: () => undefined });
}

async function parses(line: string): Promise<string> {
  const words = wordsOf(line.replace(/^(\w+=\S+ )+/, '').replace(/ +[#>].*$/, ''));
  await mute().parseAsync(words.slice(1), { from: 'user' });
  return words[1] ?? '';
}

const docs = readFileSync(join(projectRoot(), 'docs', 'cli.md'), 'utf8');
const documented = docs.split('\n').filter((line) => line.startsWith('launch '));
const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8')
  .split('\n')
  .flatMap((line) => /^npx (launch .+)$/.exec(line)?.[1] ?? []);
const help = everyCommand(mute()).flatMap((command) => {
  let text = '';
  command.configureOutput({ writeOut: (written) => (text += written) }).outputHelp();
  return [...text.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line]) => line ?? '');
});

test.each([...documented, ...readme, ...help])('can be typed: %s', async (line) => {
  await expect(parses(line)).resolves.not.toBe('');
});

test('every command is in the docs and has an example of its own', async () => {
  const names = mute().commands.map((command) => command.name());
  expect(names).toHaveLength(38);
  const [inDocs, inHelp] = await Promise.all([documented, help].map((lines) => Promise.all(lines.map(parses))));
  expect(names.filter((name) => !inDocs?.includes(name))).toEqual([]);
  expect(names.filter((name) => !inHelp?.includes(name))).toEqual([]);
});

test('every line that the rules print can be typed as it stands', async () => {
  const items = [
    item('A', { kind: 'blocker', sla: { respond: DAY, clock: 'wall' } }),
    item('B', { criteria: [human('x', ['qa'])] }),
  ];
  const decision = item('C', {
    decision: { by: ['ana'], quorum: 'any', options: [{ id: 'one', title: 'One', opens: [] }], ifSilent: 'escalate' },
  });
  const plan = planOf({ items: [...items, decision], must: ['A', 'B', 'C'] });
  const run = new Rehearsal(
    { ...plan, items: plan.items.map((each) => ({ ...each, escalation: [{ after: 0, to: ['ana'] }] })) },
    NOON
  );
  run.act({ type: 'hold', by: 'qa', reason: 'a "quoted" $reason' });
  run.act({ type: 'reportBlocker', by: 'qa', title: 'Carts' });
  run.act({ type: 'signOff', by: 'carl', answer: 'no' });
  const { needs } = boardOf(run.world.launch, run.world.now).verdict;
  run.act({ type: 'release', by: 'ana' });
  run.advance(NOON + 3 * DAY);
  const lines = [...needs, ...run.world.notices].flatMap(({ command }) => command ?? []);
  const typed = new Set(await Promise.all(lines.map(parses)));
  expect([...typed].sort()).toEqual(['ack', 'attest', 'decide', 'release', 'review-blocker', 'sign-off']);
});
