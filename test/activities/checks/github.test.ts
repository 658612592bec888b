import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalsOf, runCheck } from '../../../activities/checks/registry';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json, ProbeCheck } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { until } from '../../support/until';
import { httpTarget, type Target } from './target';

const NOW = Date.parse('2027-03-01T12:00:00Z');
const TOKEN = 'ghp_T0pSecretT0pSecret';
let github: Target;
let asked: IncomingMessage[] = [];

type Answer = (response: ServerResponse) => void;
const answers =
  (status: number, body: Json, headers: { [name: string]: string } = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));

/** The parts of GitHub's own answers that tell what is asked, with some of those that do not. */
const issue = (number: number, more: { [key: string]: Json }): Answer =>
  answers(200, {
    id: number * 10,
    url: `https://api.github.com/repos/octo/app/issues/${number}`,
    number,
    title: 'Checkout is slow',
    user: { login: 'ana', id: 1 },
    labels: [{ id: 1, name: 'bug' }],
    state: 'open',
    state_reason: null,
    closed_at: null,
    ...more,
  });
const pull = (number: number, more: { [key: string]: Json }): Answer =>
  answers(200, { id: 1, number, state: 'open', merged: false, merged_at: null, base: { ref: 'main' }, ...more });

let runNumber = 100;
const run = (more: { [key: string]: Json } = {}): { [key: string]: Json } => ({
  id: 30433642,
  name: 'CI',
  path: '.github/workflows/ci.yml@main',
  run_number: runNumber--,
  run_attempt: 1,
  event: 'push',
  status: 'completed',
  conclusion: 'success',
  head_branch: 'main',
  created_at: '2027-03-01T10:00:00Z',
  run_started_at: '2027-03-01T11:00:00Z',
  updated_at: '2027-03-01T11:05:00Z',
  repository: { id: 7, full_name: 'Octo/app', private: false },
  head_repository: { id: 7, full_name: 'Octo/app', private: false },
  ...more,
});
const runs = (...listed: Array<{ [key: string]: Json }>): Answer =>
  answers(200, { total_count: listed.length, workflow_runs: listed });
const fork = { head_repository: { id: 8, full_name: 'mallory/app' } };

const WORKFLOWS: { [file: string]: Answer } = {
  'ok.yml': runs(run(), run({ conclusion: 'failure' })),
  'bad.yml': runs(run({ conclusion: 'failure' }), run()),
  'cancelled.yml': runs(run({ conclusion: 'cancelled' }), run()),
  'skipped.yml': runs(run({ conclusion: 'skipped' })),
  'running.yml': runs(run({ status: 'in_progress', conclusion: null }), run()),
  'queued.yml': runs(run({ status: 'queued', conclusion: null })),
  'none.yml': runs(),
  'fork.yml': runs(run(fork), run({ conclusion: 'failure' })),
  'forks.yml': runs(run(fork), run({ head_repository: null })),
  'elsewhere.yml': runs(run({ head_branch: 'release' })),
  'pull.yml': runs(run({ event: 'pull_request' }), run({ conclusion: 'failure' })),
  'shuffled.yml': runs(run({ run_number: 1 }), run({ run_number: 2, conclusion: 'failure' })),
  'future.yml': runs(run({ run_started_at: '2099-01-01T00:00:00Z' })),
  'undated.yml': runs(run({ run_started_at: null, created_at: 'yesterday' })),
  'odd.yml': answers(200, { workflow_runs: 'none' }),
  '161335': runs(run()),
};

const NUMBERED: { [path: string]: Answer } = {
  'issues/1': issue(1, { state: 'closed', state_reason: 'completed' }),
  'issues/2': issue(2, { state: 'closed', state_reason: 'not_planned' }),
  'issues/3': issue(3, {}),
  'issues/4': issue(4, { state: 'open', state_reason: 'reopened' }),
  'issues/5': issue(5, { state: 'closed', pull_request: { url: 'https://api.github.com/repos/octo/app/pulls/5' } }),
  'issues/6': issue(7, { state: 'closed' }),
  'issues/7': answers(200, []),
  'issues/8': (response) => response.writeHead(200).end('{"state":"closed"'),
  'issues/9': (response) => response.writeHead(200, { 'content-length': 900 }).write('{', () => response.destroy()),
  'issues/10': (response) => response.end(Buffer.alloc(100 * 1_048_576, ' ')),
  'issues/11': () => {},
  'issues/12': issue(12, { state: `closed ${TOKEN}` }),
  'issues/20': answers(301, { message: 'Moved Permanently' }, { location: '/repositories/1/issues/1' }),
  'issues/21': answers(401, { message: 'Bad credentials' }),
  'issues/22': answers(403, { message: 'Resource not accessible by personal access token' }),
  'issues/23': answers(410, { message: 'This issue was deleted' }),
  'issues/24': answers(502, { message: 'Server Error' }),
  'issues/30': answers(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 600) }),
  'issues/31': answers(429, {}, { 'retry-after': '60' }),
  'issues/32': answers(403, {}, { 'retry-after': '30', 'x-ratelimit-remaining': '0' }),
  'issues/33': answers(429, {}, { 'retry-after': 'soon' }),
  'pulls/1': pull(1, { state: 'closed', merged: true, merged_at: '2027-02-28T10:00:00Z' }),
  'pulls/2': pull(2, { state: 'closed' }),
  'pulls/3': pull(3, {}),
  'pulls/4': answers(200, { number: 4, state: 'closed' }),
};

beforeAll(async () => {
  github = await httpTarget((request, response) => {
    asked.push(request);
    const { pathname } = new URL(request.url ?? '/', 'http://here');
    const path = pathname.replace('/repos/octo/app/', '');
    const file = /^actions\/workflows\/(.*)\/runs$/.exec(path)?.[1];
    const answer = file === undefined ? NUMBERED[path] : WORKFLOWS[file];
    (answer ?? answers(404, { message: 'Not Found' }))(response);
  });
});
afterAll(() => github.close());
beforeEach(() => {
  asked = [];
});

interface Asked {
  env?: { [name: string]: string };
  timeout?: number;
}

function ask(check: { [key: string]: Json }, { env = {}, timeout = 5_000 }: Asked = {}): Promise<CheckResult> {
  return runCheck({ type: 'github', repo: 'octo/app', api: github.url, ...check } as ProbeCheck, {
    signal: AbortSignal.timeout(timeout),
    env: (name) => env[name],
    access: localAccess(__dirname),
    now: () => NOW,
  });
}

const workflow = (file: Json, more: { [key: string]: Json } = {}): { [key: string]: Json } => ({
  workflow: { file, branch: 'main', ...more },
});

test.each<[outcome: string, what: string, check: { [key: string]: Json }, seen: string]>([
  ['passed', 'a closed issue', { issue: 1 }, 'octo/app#1: "closed" as "completed"'],
  ['passed', 'one closed for any reason', { issue: 2 }, 'octo/app#2: "closed" as "not_planned"'],
  ['passed', 'one closed as it should be', { issue: 1, reason: 'completed' }, 'octo/app#1: "closed" as "completed"'],
  [
    'failed',
    'one closed otherwise',
    { issue: 2, reason: 'completed' },
    '"not_planned", expected "closed" as "completed"',
  ],
  ['failed', 'an open issue', { issue: 3 }, 'octo/app#3: "open", expected "closed"'],
  ['failed', 'an issue that was opened again', { issue: 4 }, '"open", expected "closed"'],
  [
    'errored',
    'a pull request for an issue',
    { issue: 5 },
    'octo/app#5 is a pull request, not an issue; ask for it with `pull`',
  ],
  ['inconclusive', 'an answer about another one', { issue: 6 }, 'the answer is about #7'],
  ['inconclusive', 'an answer of another shape', { issue: 7 }, 'the answer is not one of the REST API'],
  ['inconclusive', 'an answer that is not JSON', { issue: 8 }, 'the answer is not JSON'],
  ['inconclusive', 'half an answer', { issue: 9 }, 'the answer was cut short'],
  ['inconclusive', 'an answer of 100 MB', { issue: 10 }, 'the answer is longer than 1 MB'],
  ['errored', 'a transferred issue', { issue: 20 }, 'octo/app#20 was moved or renamed (301); name its new place'],
  ['errored', 'a token that is none', { issue: 21 }, 'GitHub does not accept the token (401)'],
  ['errored', 'what may not be seen', { issue: 22 }, 'octo/app#22 may not be seen without a token (403)'],
  ['errored', 'a deleted issue', { issue: 23 }, 'octo/app#23 was deleted (410)'],
  ['errored', 'GitHub that is down', { issue: 24 }, 'octo/app#24 could not be asked for: GitHub answered 502'],
  ['errored', 'nothing there', { issue: 99 }, 'octo/app#99 does not exist, or cannot be seen without a token (404)'],
  ['inconclusive', 'the limit of an hour', { issue: 30 }, 'answers no more for 600 s, since its limit'],
  ['inconclusive', 'too many at once', { issue: 31 }, 'answers no more for 60 s, since its limit'],
  ['inconclusive', 'both limits', { issue: 32 }, 'answers no more for 30 s, since its limit'],
  ['inconclusive', 'a limit of no known end', { issue: 33 }, 'answers no more for a while, since its limit'],
  ['passed', 'a merged pull request', { pull: 1 }, 'octo/app#1: merged'],
  ['failed', 'one closed without', { pull: 2 }, 'octo/app#2: "closed", not merged'],
  ['failed', 'an open one', { pull: 3 }, 'octo/app#3: "open", not merged'],
  ['inconclusive', 'one that does not say whether', { pull: 4 }, 'the answer is not one of the REST API'],
  ['passed', 'a last run that succeeded', workflow('ok.yml'), 'ok.yml on main of octo/app: run '],
  ['passed', 'a workflow by its number', workflow(161335), '161335 on main of octo/app: run '],
  ['failed', 'a last run that failed', workflow('bad.yml'), 'ended as "failure"'],
  ['failed', 'one that was cancelled', workflow('cancelled.yml'), 'ended as "cancelled"'],
  ['failed', 'one that was skipped', workflow('skipped.yml'), 'ended as "skipped"'],
  ['inconclusive', 'one under way', workflow('running.yml'), 'is not over ("in_progress")'],
  ['inconclusive', 'one that waits', workflow('queued.yml'), 'is not over ("queued")'],
  ['inconclusive', 'no run', workflow('none.yml'), 'there is no run'],
  ['failed', "a fork's branch of the same name", workflow('fork.yml'), 'ended as "failure"'],
  ['inconclusive', 'runs of forks alone', workflow('forks.yml'), 'none of the last 2 runs is of this branch'],
  [
    'inconclusive',
    'runs of another branch alone',
    workflow('elsewhere.yml'),
    'none of the last 1 runs is of this branch',
  ],
  ['passed', 'any event', workflow('pull.yml'), 'succeeded'],
  ['failed', 'one event alone', workflow('pull.yml', { event: 'push' }), 'ended as "failure"'],
  ['failed', 'runs in another order', workflow('shuffled.yml'), 'run 2 ended as "failure"'],
  ['passed', 'a run young enough', workflow('ok.yml', { maxAge: '1h' }), 'of 2027-03-01T11:00:00.000Z succeeded'],
  ['inconclusive', 'a run of the future', workflow('future.yml', { maxAge: '1h' }), 'begins in the future'],
  ['failed', 'a run too old', workflow('ok.yml', { maxAge: '59m' }), 'expected one that began at most 59m ago'],
  ['inconclusive', 'a run of no known age', workflow('undated.yml'), 'cannot be told when'],
  ['inconclusive', 'runs of another shape', workflow('odd.yml'), 'not one of the REST API'],
  ['errored', 'no such workflow', workflow('missing.yml'), 'missing.yml on main of octo/app does not exist'],
])('%s: %s', async (...[outcome, , check, seen]) => {
  expect(await ask(check)).toEqual({ outcome, seen: expect.stringContaining(seen) });
});

test('it is asked as the REST API wants to be', async () => {
  const check = { ...workflow('ok.yml', { branch: 'release/1+2', event: 'push' }), token: { env: 'GITHUB_TOKEN' } };
  await ask(check, { env: { GITHUB_TOKEN: ` ${TOKEN}\n` } });
  const [{ method, url, headers }] = asked as [IncomingMessage];
  expect([method, url]).toEqual([
    'GET',
    '/repos/octo/app/actions/workflows/ok.yml/runs?branch=release%2F1%2B2&per_page=30&exclude_pull_requests=true&event=push',
  ]);
  expect(headers).toMatchObject({
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${TOKEN}`,
    'user-agent': 'launch-director',
    'x-github-api-version': '2022-11-28',
  });
});

test('a redirect is not followed, least of all with the token', async () => {
  await ask({ issue: 20, token: { env: 'GITHUB_TOKEN' } }, { env: { GITHUB_TOKEN: TOKEN } });
  expect(asked).toHaveLength(1);
});

test('the token is never shown', async () => {
  const check = { issue: 12, token: { env: 'GITHUB_TOKEN' } };
  expect(await ask(check, { env: { GITHUB_TOKEN: TOKEN } })).toEqual({
    outcome: 'failed',
    seen: 'octo/app#12: "closed ***", expected "closed"',
  });
  const without: Array<{ [name: string]: string }> = [{}, { GITHUB_TOKEN: `${TOKEN}\nx: y` }];
  for (const env of without) {
    const { outcome, seen } = await ask(check, { env });
    expect([outcome, seen.includes(TOKEN)]).toEqual(['errored', false]);
  }
});

test('one that does not answer is errored when the time is up, and leaves no connection behind', async () => {
  expect(await ask({ issue: 11 }, { timeout: 200 })).toMatchObject({
    outcome: 'errored',
    seen: expect.stringMatching(/^octo\/app#11 did not answer within \d+ ms$/),
  });
  expect(await ask({ issue: 1, api: 'http://127.0.0.1:1' })).toMatchObject({ outcome: 'errored' });
  await until('the connections are closed', () => github.open() === 0);
});

test('what the worker does not allow is not asked', () => {
  const check = { type: 'github', repo: 'octo/app', issue: 1, token: { env: 'GITHUB_TOKEN' } };
  const access = localAccess('/', { hosts: ['*.example.com'], env: [], allowLocal: false });
  expect(refusalsOf(check, access)).toEqual([
    expect.stringContaining('does not ask the host "api.github.com"'),
    expect.stringContaining('may not read the variable GITHUB_TOKEN'),
  ]);
  expect(refusalsOf({ ...check, api: 'https://github.example.com/api/v3' }, { ...access, env: ['GITHUB_*'] })).toEqual(
    []
  );
  expect(refusalsOf({ ...check, api: 'http://169.254.169.254/' }, { ...access, env: ['*'] })).toHaveLength(1);
});
