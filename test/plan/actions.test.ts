import { errorsOf, smallPlan, validateValue } from './small';

const url = 'https://ci.example.com/deploy';

/** An action that is wrong, where, and what was expected there. */
const WRONG: Array<[action: object, path: string, expected: string]> = [
  [{}, '', 'one of webhook, command, notify'],
  [{ webhook: { url }, notify: 'ana' }, '', 'one of webhook, command, notify'],
  [{ webhook: {} }, 'webhook.url', 'an http or https address'],
  [{ webhook: { url: 'ftp://x' } }, 'webhook.url', 'an http or https address'],
  [{ webhook: { url: 'https://me:pw@example.com' } }, 'webhook.url', 'an address without a password'],
  [{ webhook: { url, secret: 'whsec_abc' } }, 'webhook.secret', 'a mapping'],
  [{ webhook: { url, method: 'DELETE' } }, 'webhook.method', 'POST, PUT, GET'],
  [{ webhook: { url, method: 'GET', body: {} } }, 'webhook.body', 'no body with GET'],
  [{ webhook: { url, headers: { Host: 'inside' } } }, 'webhook.headers.Host', 'another header'],
  [{ command: {} }, 'command.name', ''],
  [{ command: { name: 'deploy', args: [1] } }, 'command.args[0]', 'a text; a number goes in quotes'],
  [{ command: { name: 'deploy', args: ['a\nb'] } }, 'command.args[0]', 'one line'],
  [{ webhook: { url }, timeout: '0s' }, 'timeout', 'a duration above zero'],
  [{ webhook: { url }, timeout: 60 }, 'timeout', 'a text'],
  [{ notify: 'nobody' }, 'notify', 'no person, role, group or channel'],
];

test.each(WRONG)('%j is one error, at %s', (action, path, expected) => {
  const plan = { ...smallPlan(), onVerdict: { go: [{ notify: 'ana' }, action] } };
  const errors = validateValue(plan).problems.filter(({ severity }) => severity === 'error');
  expect(errors.map((error) => error.path)).toEqual([`onVerdict.go[1]${path && `.${path}`}`]);
  expect([errors[0]?.message, errors[0]?.expected].join(' ')).toContain(expected);
});

test('what is right acts: no warning that it does not, and it is compiled as it was written', () => {
  const go = [
    { title: 'Deploy', webhook: { url, secret: { env: 'HOOK' }, body: { ref: 'main' } }, timeout: '10m' },
    { command: { name: 'open', args: ['now'] } },
    { notify: 'boss' },
  ];
  const criteria = [{ id: 'up', title: 'It answers', check: { type: 'http' as const, url: 'https://example.com' } }];
  const launch = { ...smallPlan().launch, postLaunch: { watch: '4h', criteria }, rollback: ['Go back'] };
  const { problems, plan } = validateValue({ ...smallPlan(), launch, onVerdict: { go, delay: [{ notify: 'ana' }] } });
  expect(errorsOf(problems)).toEqual([]);
  expect(problems.filter(({ code }) => code === 'NOT_ACTED_ON_YET')).toEqual([]);
  expect(plan?.onVerdict).toEqual({
    go: [{ ...go[0], timeout: 600_000 }, go[1], { notify: ['ana'] }],
    delay: [{ notify: ['ana'] }],
    noGo: [],
  });
  expect(plan?.launch).toMatchObject({ postLaunch: { watch: 14_400_000 }, rollback: ['Go back'] });
});

test('criteria of the watch after GO: an id twice, and a quorum that nobody can reach', () => {
  const criterion = { id: 'a', title: 'A' };
  const attest = { by: ['boss'], quorum: 2 };
  for (const [criteria, code] of [
    [[criterion, { ...criterion, title: 'B' }], 'DUPLICATE'],
    [[{ ...criterion, attest }], 'QUORUM_UNREACHABLE'],
  ] as const) {
    const launch = { ...smallPlan().launch, postLaunch: { watch: '4h', criteria: [...criteria] } };
    expect(errorsOf(validateValue({ ...smallPlan(), launch }).problems).join('\n')).toContain(code);
  }
});
