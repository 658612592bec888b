import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askReport, type Known } from '../../cli/ask-report';
import { checkReport } from '../../cli/report-fields';

async function asked(typed: string, known?: Known): Promise<{ fields: unknown; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(typed);
  const fields = await askReport({ input, output }, known).finally(() => output.end());
  return { fields, shown: await text(output) };
}

test('asks for every field of the template; what is left empty is left out', async () => {
  const typed = ['Carts are lost', 'No orders', 'qa', 'dev', '', 'P0', 'critical', '+4h', 'One order goes through', ''];
  const { fields, shown } = await asked(`${typed.join('\n')}\n`);
  expect(fields).toEqual({
    title: 'Carts are lost',
    impact: 'No orders',
    owners: ['qa', 'dev'],
    priority: 'P0',
    severity: 'critical',
    deadline: '+4h',
    acceptance: ['One order goes through'],
  });
  expect(shown).toMatch(/blocked.*Impact.*Owner.*Priority.*Severity.*Deadline.*Acceptance/s);
  expect((await asked(`Carts\n${'\n'.repeat(6)}`)).fields).toEqual({ title: 'Carts' });
});

test('what cannot be taken is asked again, with what was expected', async () => {
  const { fields, shown } = await asked('\n Carts \n\n\nhigh\nP1\nworst\nhigh\n\n\n');
  expect(fields).toEqual({ title: 'Carts', priority: 'P1', severity: 'high' });
  expect(shown).toContain('a title is needed');
  expect(shown).toContain('one of P0, P1, P2, P3, P4, or nothing');
  expect(shown).toContain('one of critical, high, medium, low, or nothing');
});

test('what the launch would refuse is asked again before the rest is', async () => {
  const known = { owners: (owner: string) => (owner === 'qa' ? undefined : `nobody is called '${owner}'`) };
  const { fields, shown } = await asked('Carts\n\nqq\nqa\n\n\n\n\n\n', known);
  expect(fields).toEqual({ title: 'Carts', owners: ['qa'] });
  expect(shown).toMatch(/Owner.*nobody is called 'qq'.*Owner.*Priority/s);
});

test('answers that end before all was asked report nothing', async () => {
  await expect(asked('Carts\nNo orders\n')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(asked('')).rejects.toMatchObject({ code: 'BAD_INPUT' });
});

test('one owner or criterion may be a text of its own', () => {
  const fields = { title: 'Carts', owners: 'qa', acceptance: 'one order' };
  expect(checkReport(fields, 'it')).toEqual({ title: 'Carts', owners: ['qa'], acceptance: ['one order'] });
});

test.each<[what: string, value: unknown, says: RegExp]>([
  ['no title', {}, /'title' must be a text/],
  ['an empty one', { title: ' ' }, /'title' must be at least one letter/],
  ['another priority', { title: 't', priority: 'urgent' }, /'priority' must be one of P0, P1/],
  ['another severity', { title: 't', severity: 1 }, /'severity' must be one of critical/],
  ['a field that is none', { title: 't', owner: 'qa' }, /it takes title, impact, owners, .*owner/],
  ['owners that are no texts', { title: 't', owners: [1] }, /'owners/],
])('%s is refused, naming it', (_, value, says) => {
  expect(() => checkReport(value, 'it')).toThrow(says);
});
