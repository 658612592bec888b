import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readAccess } from '../../worker/access';
import { codes, errorsOf, smallPlan, validateValue } from './small';

const mail = { type: 'email' as const };
const chat = { type: 'slack' as const, url: { env: 'SLACK_WEBHOOK' } };
const announced = (to: string) => ({ launch: { ...smallPlan().launch, announce: { to } } });
const people = (...own: object[]) => ({
  people: smallPlan().people.map((person, index) => ({ ...person, ...own[index] })),
});
const all = (more: object) => people(more, more, more);

test.each<[string, object, string[]]>([
  ['a slack channel that is announced to', { channels: { chat }, ...announced('chat') }, []],
  ['mail to everybody', { channels: { mail }, ...all({ email: 'a@example.com' }) }, []],
  ['a fallback for everybody', { channels: { chat }, notify: { perHour: 3, fallback: 'chat' } }, []],
  ['a channel nobody is told by', { channels: { chat } }, ['UNUSED_CHANNEL channels.chat']],
  [
    'a mail channel where nobody has an address',
    { channels: { mail }, ...people({ roles: ['boss'] }) },
    ['UNUSED_CHANNEL channels.mail'],
  ],
  ['an announcement to no address', { channels: { mail }, ...announced('mail') }, ['NO_ADDRESS launch.announce.to']],
  [
    'a person written to at no address',
    { channels: { mail }, ...people({ channels: ['mail'] }, { email: 'b@example.com' }, { email: 'c@example.com' }) },
    ['NO_ADDRESS people[0].channels[0]'],
  ],
  ['somebody who was forgotten', { channels: { chat }, ...people({ channels: ['chat'] }) }, ['NO_CHANNEL people[1]']],
  [
    'nobody forgotten where all have the log, by name',
    {
      channels: { chat, audit: { type: 'log' } },
      ...people({ channels: ['chat'] }, { channels: ['audit'] }, { channels: ['audit'] }),
    },
    [],
  ],
  ['an unknown channel', people({ channels: ['chat'] }), ['UNKNOWN_REFERENCE people[0].channels[0]']],
])('%s', (_, over, expected) => {
  const about = /CHANNEL|ADDRESS|REFERENCE|NOT_ACTED/;
  expect(codes(validateValue({ ...smallPlan(), ...over }).problems).filter((code) => about.test(code))).toEqual(
    expected
  );
});

test.each<[string, object, string]>([
  ['an address that is none', { type: 'slack', url: 'hooks.slack.com/services/x' }, 'an http or https address'],
  ['a type that is none', { type: 'pager' }, 'a type that is known'],
])('%s is one clear error', (_, channel, expected) => {
  const errors = errorsOf(
    validateValue({ ...smallPlan(), channels: { chat: channel }, ...announced('chat') }).problems
  );
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(expected);
});

const blocks = readFileSync('docs/channels.md', 'utf8')
  .split('```yaml\n')
  .slice(1)
  .map((rest) => rest.split('```')[0]!);

test('what the docs show can be used: the channels in a plan, the configuration by a worker', () => {
  const shown = parse(blocks[0]!) as object;
  const { launch, gates } = smallPlan();
  const authority = { roles: ['manager'] };
  const plan = {
    version: 1,
    title: 'Shown',
    launch: { ...launch, authority },
    gates: { must: [{ ...gates.must![0], owners: ['devops'] }] },
  };
  expect(errorsOf(validateValue({ ...plan, ...shown }).problems)).toEqual([]);
  const file = join(mkdtempSync(join(tmpdir(), 'launch-channels-')), 'launch-director.yaml');
  writeFileSync(file, blocks[1]!);
  expect(readAccess({ file })).toMatchObject({
    env: ['SLACK_WEBHOOK', 'PIPELINE_WEBHOOK', 'PIPELINE_KEY'],
    mail: { url: { env: 'SMTP_URL' }, from: 'Launch <launch@example.com>' },
  });
  rmSync(file);
});

test.each([
  ['url: smpt://mail.example.com', 'smtp://USER:PASSWORD@HOST:PORT'],
  ['url: { env: SMTP_URL }, from: nobody', 'a sender like'],
  ['url: { env: SMTP_URL }, from: "a@example.com\\nBcc: eve@example.com"', 'a sender like'],
])('a mail server that is written wrong is told: %s', (given, expected) => {
  const file = join(mkdtempSync(join(tmpdir(), 'launch-channels-')), 'launch-director.yaml');
  writeFileSync(file, `mail: { ${given.includes('from') ? given : `${given}, from: a@example.com`} }`);
  expect(() => readAccess({ file })).toThrow(expected);
  rmSync(file);
});
