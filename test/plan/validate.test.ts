import type { PlanDocument } from '../../plan/schema';
import { shiftProblem, validatePlan } from '../../plan/validate';
import { codes, errorsOf, NOW, smallPlan, validateValue } from './small';

const problemsOf = (value: unknown) => validateValue(value).problems;
const errorCodes = (value: unknown) => codes(problemsOf(value).filter(({ severity }) => severity === 'error'));
const warningCodes = (value: unknown) => codes(problemsOf(value).filter(({ severity }) => severity === 'warning'));
const withItems = (...items: unknown[]) => ({ ...smallPlan(), items });
const launch = (over: object): PlanDocument => smallPlan({ launch: { ...smallPlan().launch, ...over } });

test('a small plan has no problem', () => {
  expect(problemsOf(smallPlan())).toEqual([]);
  expect(validateValue(smallPlan()).plan?.id).toBe('small');
});

test('a problem says file, line, column, path, found and expected', () => {
  const text = `version: 1
title: Positions
launch: { at: +2d, authority: { roles: [boss] } }
people: [{ id: ana, roles: [boss] }]
items:
  - title: One
    owners: [anna]
    priority: urgent
gates: { must: [{ item: one }] }
`;
  const { problems } = validatePlan(text, { file: 'p.yaml', now: NOW });
  expect(problems).toEqual([
    {
      severity: 'error',
      code: 'UNKNOWN_REFERENCE',
      file: 'p.yaml',
      line: 7,
      column: 14,
      path: 'items[0].owners[0]',
      found: "'anna'",
      expected: "'ana'?",
      message: "no person, role or group 'anna'; did you mean 'ana'?",
    },
    {
      severity: 'error',
      code: 'SCHEMA',
      file: 'p.yaml',
      line: 8,
      column: 15,
      path: 'items[0].priority',
      found: '"urgent"',
      expected: 'one of P0, P1, P2, P3, P4',
      message: 'found "urgent", expected one of P0, P1, P2, P3, P4',
    },
  ]);
});

test('everything wrong is said at once, and once', () => {
  const wrong = {
    version: 2,
    title: '',
    timezone: 'Mars/Olympus',
    launch: { at: 'soon', finalPoll: '30 minutes', authority: { roles: ['boss', 'king'] } },
    people: [{ id: 'ana', roles: ['boss'] }, { id: 'Ana' }, { nam: 'x' }],
    items: [{ title: 'A', acceptance: [{ title: 'B', atest: {} }] }],
    gates: { must: [], nice: [{ item: 'nothing' }] },
  };
  expect(errorCodes(wrong)).toEqual([
    'SCHEMA version',
    'SCHEMA title',
    'SCHEMA timezone',
    'SCHEMA launch.at',
    'SCHEMA launch.finalPoll',
    'UNKNOWN_REFERENCE launch.authority.roles[1]',
    'DUPLICATE_ID people[1].id',
    'MISSING people[2].id',
    'UNKNOWN_KEY people[2].nam',
    'UNKNOWN_KEY items[0].acceptance[0].atest',
    'EMPTY_MUST gates.must',
    'UNKNOWN_REFERENCE gates.nice[0].item',
  ]);
});

test.each<[string, unknown, string]>([
  ['a key with a slip', { ...smallPlan(), lauch: {} }, "unknown key 'lauch'; is it 'launch'?"],
  ['a key nobody knows', { ...smallPlan(), zzz: 1 }, "unknown key 'zzz'; known here is one of version, id, title"],
  ['a number for a text', { ...smallPlan(), title: 42 }, 'found 42 without quotes, expected a text'],
  [
    'an unknown check',
    withItems({ title: 'A', acceptance: [{ title: 'B', check: { type: 'htp' } }] }),
    'a check of a type that is known: http, files',
  ],
  ['no title', withItems({ owners: ['ana'] }), 'a title'],
  ['two ways to be met', withItems({ title: 'A', acceptance: [{ title: 'B', attest: {}, claim: {} }] }), 'only one of'],
  [
    'every without a check',
    withItems({ title: 'A', acceptance: [{ title: 'B', every: '1m' }] }),
    'every only beside a check',
  ],
  ['options on a task', withItems({ title: 'A', options: [{ title: 'B' }] }), 'options only on kind: decision'],
  ['a decision without options', withItems({ kind: 'decision', title: 'A' }), 'at least one option'],
  [
    'an item that is both named and made',
    { ...smallPlan(), gates: { must: [{ item: 'a', attest: {} }] } },
    'either item or attest',
  ],
])('%s is an error that says what to do', (_, value, message) => {
  expect(errorsOf(problemsOf(value)).join('\n')).toContain(message);
});

test('titles take no control characters, no hidden direction marks, and at most 200 letters', () => {
  const titles = ['a\u0007b', 'two\nlines', 'x'.repeat(10_000), 'evil \u202etxet', ' ', '\u001b[31mred'];
  for (const title of titles) expect(errorCodes(withItems({ title }))).toEqual(['SCHEMA items[0].title']);
  const [message] = errorsOf(problemsOf(withItems({ title: 'x'.repeat(10_000) })));
  expect(message).toContain('(10000 letters), expected at most 200 letters');
  expect(message!.length).toBeLessThan(300);
  expect(errorCodes(withItems({ title: '🚀'.repeat(200) }))).toEqual([]);
});

test('ids are short and plain', () => {
  for (const id of ['', '-a', 'a b', 'ä', 'x'.repeat(64)])
    expect(errorCodes(withItems({ id, title: 'A' }))).toEqual(['SCHEMA items[0].id']);
  expect(errorCodes(withItems({ id: 'x'.repeat(63), title: 'A' }))).toEqual([]);
});

test('ids are unique within their kind, whatever their case', () => {
  const value = {
    ...withItems(
      { id: 'A', title: 'A' },
      {
        id: 'a',
        title: 'B',
        acceptance: [
          { id: 'c', title: 'C' },
          { id: 'c', title: 'D' },
        ],
      }
    ),
    gates: { must: [{ id: 'A', title: 'It works' }] },
  };
  expect(errorCodes(value)).toEqual([
    'DUPLICATE_ID gates.must[0].id',
    'DUPLICATE_ID items[1].id',
    'DUPLICATE_ID items[1].acceptance[1].id',
  ]);
});

test('no item takes the id of what the launch runs itself', () => {
  const value = {
    ...withItems({ id: 'NO-GO.alarm', title: 'A' }, { id: 'NO-GO', title: 'B' }),
    gates: { must: [{ id: 'Post-Launch.errors', title: 'It works' }, { item: 'NO-GO.alarm' }, { item: 'NO-GO' }] },
  };
  expect(errorCodes(value)).toEqual(['RESERVED_ID gates.must[0].id', 'RESERVED_ID items[0].id']);
});

test('unknown names are found wherever they stand', () => {
  const value = {
    ...withItems({
      title: 'A',
      owners: 'nobody-1',
      reportedBy: ['nobody-2'],
      after: ['no-item'],
      escalation: [{ after: '0m', to: 'nobody-3' }],
      acceptance: [
        { title: 'B', attest: { by: ['nobody-4'], quorum: { 'nobody-5': 1 } } },
        { title: 'C', check: { type: 'items', where: { ids: ['no-item-2'], owner: 'nobody-6' }, atMost: 0 } },
      ],
    }),
    groups: { team: ['nobody-7'] },
    notify: { fallback: 'no-channel' },
    standup: { at: '09:00', to: ['no-channel-2'] },
  };
  expect(errorCodes(value).sort()).toEqual([
    'UNKNOWN_REFERENCE groups.team[0]',
    'UNKNOWN_REFERENCE items[0].acceptance[0].attest.by[0]',
    'UNKNOWN_REFERENCE items[0].acceptance[0].attest.quorum.nobody-5',
    'UNKNOWN_REFERENCE items[0].acceptance[1].check.where.ids[0]',
    'UNKNOWN_REFERENCE items[0].acceptance[1].check.where.owner',
    'UNKNOWN_REFERENCE items[0].after[0]',
    'UNKNOWN_REFERENCE items[0].escalation[0].to',
    'UNKNOWN_REFERENCE items[0].owners',
    'UNKNOWN_REFERENCE items[0].reportedBy[0]',
    'UNKNOWN_REFERENCE notify.fallback',
    'UNKNOWN_REFERENCE standup.to[0]',
  ]);
});

test('a name means one thing only', () => {
  const people = [
    { id: 'ana', roles: ['boss', 'ben'] },
    { id: 'ben', roles: ['ben', 'everyone'] },
  ];
  const groups = { boss: ['ana'], everyone: ['ana'], ben: ['ana'] };
  expect(errorCodes({ ...smallPlan(), gates: { must: [{ title: 'A' }] }, people, groups })).toEqual([
    'ROLE_IS_PERSON people[0].roles[1]',
    'NAME_CLASH people[1].roles[1]',
    'NAME_CLASH groups.boss',
    'NAME_CLASH groups.everyone',
    'NAME_CLASH groups.ben',
  ]);
});

test('a cycle is printed, also one that goes through what a decision opens', () => {
  const edges = withItems({ id: 'a', title: 'A', unblocks: ['b'] }, { id: 'b', title: 'B', unblocks: ['a'] });
  expect(errorsOf(problemsOf(edges)).join()).toMatch(/(a -> b -> a|b -> a -> b)/);
  const opened = withItems(
    { id: 'd', kind: 'decision', title: 'D', options: [{ title: 'X', opens: ['w'] }], after: ['w'] },
    { id: 'w', title: 'W' }
  );
  expect(errorsOf(problemsOf(opened)).join()).toMatch(/(d -> w -> d|w -> d -> w)/);
});

test.each(['must', undefined])('an empty must list is an error (%s)', (key) => {
  expect(errorCodes({ ...smallPlan(), gates: key ? { must: [] } : {} })).toEqual([
    key ? 'EMPTY_MUST gates.must' : 'EMPTY_MUST gates',
  ]);
});

test.each<[string, object]>([
  ['more people than there are', { attest: { by: ['dev'], quorum: 3 } }],
  ['one person for two roles', { attest: { by: ['ana', 'boss'], quorum: 'all' } }],
  ['nobody', { attest: { by: [] } }],
  ['the owners themselves, who may not', { independent: true, attest: { by: ['ben'] } }],
  ['a role that may not answer', { attest: { by: ['dev'], quorum: { boss: 1 } } }],
])('a quorum of %s is an error', (_, criterion) => {
  const value = withItems({ title: 'A', owners: ['ben'], acceptance: [{ title: 'B', ...criterion }] });
  expect(errorCodes(value)).toEqual(['QUORUM_UNREACHABLE items[0].acceptance[0]']);
});

test('an authority that is one person in two roles cannot sign for both', () => {
  const people = [{ id: 'ana', roles: ['boss', 'ceo'] }];
  const value = { ...launch({ authority: { roles: ['boss', 'ceo'] } }), people, gates: { must: [{ title: 'A' }] } };
  expect(errorCodes(value)).toEqual(['QUORUM_UNREACHABLE launch.authority']);
});

const withAuthority = (authority: object, more: object = {}) => ({
  ...launch({ authority, separation: true, ...more }),
  people: [
    { id: 'ana', roles: ['boss'] },
    { id: 'eva', roles: ['boss'] },
    { id: 'ben', roles: ['dev'] },
    { id: 'cem', roles: ['ceo'] },
  ],
});
const attests = (...by: Array<string | string[]>) => ({
  must: by.map((each, index) => ({ title: `M${index}`, attest: { by: each, quorum: 'all' } })),
});

test.each<[string, object, object]>([
  ['who alone may give their word signs alone', { roles: ['cem'] }, attests('cem')],
  ['each must takes one of the two who sign', { roles: ['ana', 'cem'] }, attests(['ana'])],
  ['every choice of who gives their word takes a signer', { roles: ['boss'], quorum: 2 }, attests('boss')],
  ['two musts take both', { roles: ['boss'] }, attests('ana', 'eva')],
])('separated duties that leave nobody to sign are an error: %s', (_, authority, gates) => {
  const problems = problemsOf({ ...withAuthority(authority), gates });
  expect(codes(problems).filter((code) => code.startsWith('QUORUM'))).toEqual(['QUORUM_UNREACHABLE launch.separation']);
  expect(errorsOf(problems).join()).toMatch(/without [a-z, ]+ these musts are not met: 'M0'/);
  expect(errorCodes({ ...withAuthority(authority, { separation: false }), gates })).toEqual([]);
});

test.each<[string, object, object]>([
  ['one of two bosses gives their word, the other signs', { roles: ['boss'] }, attests('boss')],
  ['somebody else gives their word', { roles: ['boss', 'ceo'] }, attests('dev')],
  ['a should takes nobody away', { roles: ['cem'] }, { ...attests('dev'), should: [{ title: 'S', owners: ['cem'] }] }],
])('separated duties that leave enough are none: %s', (_, authority, gates) => {
  expect(errorCodes({ ...withAuthority(authority), gates })).toEqual([]);
});

test('a delegate who would count twice at the launch is warned of, with who answers for whom until when', () => {
  const people = (until: string) => [
    { id: 'ana', roles: ['boss'], delegate: { to: 'ben', until } },
    { id: 'cem', roles: ['ceo'], delegate: { to: 'ben', until } },
    { id: 'ben', roles: ['dev'] },
  ];
  const value = (until: string) => ({
    ...launch({ authority: { roles: ['boss', 'ceo'] } }),
    people: people(until),
    gates: { must: [{ title: 'A', owners: ['ben'] }] },
  });
  const problems = problemsOf(value('2027-03-09'));
  expect(codes(problems)).toEqual(['QUORUM_DELEGATED launch.authority']);
  expect(problems[0]?.message).toContain('ben answers for ana until 2027-03-09T23:59Z, ben answers for cem until');
  expect(codes(problemsOf(value('2027-03-02')))).toEqual([]);
});

test('an offset from a launch date that is not set is an error, until --launch-at gives one', () => {
  const value = { ...launch({ at: undefined }), items: [{ title: 'A', deadline: 'T-2d' }] };
  expect(errorCodes(value)).toEqual(['OFFSET_WITHOUT_LAUNCH items[0].deadline']);
  expect(errorsOf(validateValue(value, { launchAt: '+3d' }).problems)).toEqual([]);
});

test('a wrong time zone is an error that names right ones', () => {
  expect(errorsOf(problemsOf({ ...smallPlan(), timezone: 'Europe/Belrin' })).join()).toContain('like Europe/Berlin');
});

test.each<[string, unknown, string]>([
  ['an item nothing gates', withItems({ title: 'A', acceptance: [{ title: 'B' }] }), 'UNGATED_ITEM items[0]'],
  [
    'an item without criteria',
    { ...withItems({ title: 'A' }), gates: { must: [{ item: 'a' }] } },
    'NO_CRITERIA items[0]',
  ],
  ['a date in the past', withItems({ title: 'A', deadline: '2020-01-01' }), 'PAST_DATE items[0].deadline'],
  [
    'a deadline after the launch',
    withItems({ title: 'A', deadline: 'T+1h' }),
    'DEADLINE_AFTER_LAUNCH items[0].deadline',
  ],
  ['a weekday that is not', withItems({ title: 'A', deadline: 'Tue 2027-03-03' }), 'WRONG_WEEKDAY items[0].deadline'],
  ['a launch outside every window', launch({ windows: { open: 'Mon 09:00-10:00' } }), 'OUTSIDE_WINDOWS launch.at'],
  ['a launch in the past', launch({ at: '2020-01-01 10:00' }), 'LAUNCH_IN_PAST launch.at'],
  ['a launch without an hour', launch({ at: '2027-03-09' }), 'LAUNCH_WITHOUT_HOUR launch.at'],
  ['a launch without a date', launch({ at: undefined }), 'LAUNCH_NOT_SET launch'],
  [
    'a must that an option drops',
    {
      ...withItems(
        { kind: 'decision', title: 'D', options: [{ title: 'X', opens: ['w'] }, { title: 'Y' }] },
        { id: 'w', title: 'W' }
      ),
      gates: { must: [{ item: 'w' }] },
    },
    'MUST_DROPPABLE items[1]',
  ],
  [
    'an option for a silence that has no end',
    withItems({ kind: 'decision', title: 'D', options: [{ id: 'x', title: 'X' }, { title: 'Y' }], ifSilent: 'x' }),
    'SILENCE_WITHOUT_DEADLINE items[0].ifSilent',
  ],
  [
    'a must that counts more items than there are',
    {
      ...smallPlan(),
      gates: { must: [{ title: 'P0', check: { type: 'items', where: { priority: 'P0' }, atLeast: '95%' } }] },
    },
    'MUST_UNMEETABLE gates.must[0]',
  ],
  [
    'a check that takes longer than the final poll',
    {
      ...smallPlan(),
      gates: { must: [{ title: 'Up', check: { type: 'files', glob: 'a' }, every: '20m', consecutive: 2 }] },
    },
    'POLL_TOO_SHORT gates.must[0]',
  ],
  ...[
    { type: 'http', url: 'https://example.com', expect: { latency: { atMost: '11s' } } },
    { type: 'tcp', host: 'example.com', port: 443, within: '11s' },
  ].map((check): [string, object, string] => [
    `a limit of ${check.type} longer than the timeout`,
    { ...smallPlan(), gates: { must: [{ title: 'Up', check }] } },
    `LIMIT_BEYOND_TIMEOUT gates.must[0].check.${check.type === 'tcp' ? 'within' : 'expect.latency.atMost'}`,
  ]),
  [
    'an announcement before the last work on a must',
    { ...launch({ announce: { lead: '24h', to: 'everyone' } }), gates: { must: [{ title: 'A', deadline: 'T-1h' }] } },
    'ANNOUNCED_TOO_EARLY launch.announce.lead',
  ],
])('%s is a warning', (_, value, code) => {
  expect(errorsOf(problemsOf(value))).toEqual([]);
  expect(warningCodes(value)).toContain(code);
});

test('where the launch itself is past, one warning counts the dates that move with it', () => {
  const past = { ...launch({ at: '2020-01-03 10:00' }), items: [{ title: 'A', deadline: '2020-01-01' }] };
  const found = problemsOf(past).filter(({ message }) => message.includes('past'));
  expect(found.map(({ code }) => code)).toEqual(['LAUNCH_IN_PAST']);
  expect(found[0]!.message).toContain('so are 1 of its other dates');
});

test('with --launch-at a date is past only if it still is after it was moved', () => {
  const items = [
    { title: 'A', deadline: '2020-01-03 09:00' },
    { title: 'B', deadline: '2020-01-01 09:00' },
  ];
  const text = JSON.stringify({ ...launch({ at: '2020-01-03 10:00' }), items });
  const { problems } = validatePlan(text, { file: 'p.yaml', now: NOW, launchAt: '+1d' });
  expect(problems.filter(({ code }) => code === 'PAST_DATE').map(({ path }) => path)).toEqual(['items[1].deadline']);
});

test('start refuses a launch in the past and offers --launch-at', () => {
  const text = JSON.stringify(launch({ at: '2020-01-01 10:00' }));
  const options = { file: 'p.yaml', now: NOW };
  expect(shiftProblem(text, options)).toMatchObject({ severity: 'error', code: 'LAUNCH_IN_PAST' });
  expect(shiftProblem(text, options)!.message).toContain('--launch-at WHEN');
  expect(shiftProblem(text, { ...options, launchAt: '+1h' })).toBeUndefined();
  expect(shiftProblem(JSON.stringify(smallPlan()), options)).toBeUndefined();
});
