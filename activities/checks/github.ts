import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { githubCheck, type GithubCheck } from '../../plan/checks/github';
import { parseDuration } from '../../plan/time';
import { hostRefused, type Access } from './access';
import type { CheckType } from './check-type';
import { fromEnvironment, secretsRefused } from './environment';
import { request, type HttpAnswer } from './http-request';
import { redactor } from './redact';
import type { CheckContext, CheckResult } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, passed, quoted } from './result';
import { parseJson } from './text-findings';

const PUBLIC_API = 'https://api.github.com';
/** Pinned: what the answers look like does not change under a plan. */
const API_VERSION = '2022-11-28';
/** GitHub's clock is another one. */
const CLOCKS_DIFFER_MS = 60_000;
/** Runs for branches of forks are among them, and are passed over. */
const RUNS_LOOKED_AT = 30;

const issueAnswer = z.object({
  number: z.number(),
  state: z.string(),
  state_reason: z.string().nullish(),
  pull_request: z.unknown().optional(),
});
const pullAnswer = z.object({ number: z.number(), state: z.string(), merged: z.boolean() });
const repositoryAnswer = z.object({ full_name: z.string() });
const run = z.object({
  run_number: z.number(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  event: z.string(),
  head_branch: z.string().nullable(),
  created_at: z.string(),
  run_started_at: z.string().nullish(),
  repository: repositoryAnswer,
  /** None where the fork is deleted. */
  head_repository: repositoryAnswer.nullish(),
});
const runsAnswer = z.object({ workflow_runs: z.array(run) });
type WorkflowRun = z.infer<typeof run>;

/** What is asked for, and what its answer means. */
interface Question {
  path: string;
  /** As a sentence names it. */
  name: string;
  judge: (answer: unknown, now: number) => CheckResult;
}

/** An answer of another shape than the documented one tells nothing. */
function read<Answer>(shape: z.ZodType<Answer>, answer: unknown, judge: (answer: Answer) => CheckResult): CheckResult {
  const parsed = shape.safeParse(answer);
  return parsed.success ? judge(parsed.data) : inconclusive('the answer is not one of the REST API');
}

function issueQuestion(repo: string, issue: number, reason: GithubCheck['reason']): Question {
  const name = `${repo}#${issue}`;
  const judge = (answer: unknown): CheckResult =>
    read(issueAnswer, answer, ({ number, state, state_reason: as, pull_request: pull }) => {
      if (number !== issue) return inconclusive(`the answer is about #${number}`);
      if (pull !== undefined) throw new CannotRun('is a pull request, not an issue; ask for it with `pull`');
      const seen = `${quoted(state)}${state === 'closed' && as ? ` as ${quoted(as)}` : ''}`;
      if (state === 'closed' && (reason === undefined || as === reason)) return passed(seen);
      return failed(`${seen}, expected "closed"${reason === undefined ? '' : ` as ${quoted(reason)}`}`);
    });
  return { path: `issues/${issue}`, name, judge };
}

function pullQuestion(repo: string, pull: number): Question {
  const judge = (answer: unknown): CheckResult =>
    read(pullAnswer, answer, ({ number, state, merged }) => {
      if (number !== pull) return inconclusive(`the answer is about #${number}`);
      return merged ? passed('merged') : failed(`${quoted(state)}, not merged`);
    });
  return { path: `pulls/${pull}`, name: `${repo}#${pull}`, judge };
}

type Workflow = NonNullable<GithubCheck['workflow']>;

/** Anyone can fork a repository and have its workflows run there, for a branch of any name. */
function isOf({ branch, event }: Workflow, { head_branch: head, head_repository: from, ...run }: WorkflowRun): boolean {
  const isOwn = from?.full_name.toLowerCase() === run.repository.full_name.toLowerCase();
  return isOwn && head === branch && (event === undefined || run.event === event);
}

function judgeRun(last: WorkflowRun, maxAge: string | undefined, now: number): CheckResult {
  const which = `run ${last.run_number}`;
  if (last.status !== 'completed') return inconclusive(`${which} is not over (${quoted(last.status)})`);
  if (last.conclusion !== 'success') return failed(`${which} ended as ${quoted(last.conclusion)}`);
  const began = last.run_started_at ?? last.created_at;
  const age = now - Date.parse(began);
  if (Number.isNaN(age)) return inconclusive(`it cannot be told when ${which} began`);
  if (age < -CLOCKS_DIFFER_MS) return inconclusive(`${which} begins in the future, as its time says`);
  const tooOld = maxAge !== undefined && age > parseDuration(maxAge);
  const seen = `${which} of ${new Date(began).toISOString()} succeeded`;
  return tooOld ? failed(`${seen}, expected one that began at most ${maxAge} ago`) : passed(seen);
}

function workflowQuestion(repo: string, workflow: Workflow): Question {
  const { file, branch, event, maxAge } = workflow;
  const query = new URLSearchParams({ branch, per_page: String(RUNS_LOOKED_AT), exclude_pull_requests: 'true' });
  if (event !== undefined) query.set('event', event);
  const judge = (answer: unknown, now: number): CheckResult =>
    read(runsAnswer, answer, ({ workflow_runs: runs }) => {
      const [last] = runs.filter((each) => isOf(workflow, each)).sort((a, b) => b.run_number - a.run_number);
      if (last) return judgeRun(last, maxAge, now);
      return inconclusive(
        runs.length === 0 ? 'there is no run' : `none of the last ${runs.length} runs is of this branch`
      );
    });
  const path = `actions/workflows/${encodeURIComponent(file)}/runs?${query.toString()}`;
  return { path, name: `${file} on ${branch} of ${repo}`, judge };
}

function questionOf({ repo, issue, reason, pull, workflow }: GithubCheck): Question {
  if (issue !== undefined) return issueQuestion(repo, issue, reason);
  if (pull !== undefined) return pullQuestion(repo, pull);
  if (workflow !== undefined) return workflowQuestion(repo, workflow);
  throw new CannotRun('asks for nothing; amend the plan');
}

function secondsUntil(headers: IncomingHttpHeaders, now: number): number | undefined {
  const after = Number(headers['retry-after'] ?? NaN);
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN) - now / 1_000;
  return [after, reset].find((seconds) => seconds >= 0);
}

/** Only as many answers as the limit of the token allows: what is asked for may well be as expected. */
function limitReached({ status, headers }: HttpAnswer, now: number): string | undefined {
  const limited = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined;
  if (status !== 429 && !(status === 403 && limited)) return undefined;
  const seconds = secondsUntil(headers, now);
  const when = seconds === undefined ? 'for a while' : `for ${Math.ceil(seconds)} s`;
  return `GitHub answers no more ${when}, since its limit of requests is reached; ask less often (\`every\`), or with a token`;
}

/** @throws CannotRun where the answer is none to the question */
function refuse({ status }: HttpAnswer, hasToken: boolean): never {
  if (status >= 300 && status <= 399) throw new CannotRun(`was moved or renamed (${status}); name its new place`);
  switch (status) {
    case 401:
      throw new CannotRun('could not be asked for: GitHub does not accept the token (401)');
    case 403:
      throw new CannotRun(`may not be seen ${hasToken ? 'with this token' : 'without a token'} (403)`);
    case 404:
      throw new CannotRun(
        `does not exist, or cannot be seen ${hasToken ? 'with this token' : 'without a token'} (404)`
      );
    case 410:
      throw new CannotRun('was deleted (410)');
    default:
      throw new CannotRun(`could not be asked for: GitHub answered ${status}`);
  }
}

function judgeAnswer(answer: HttpAnswer, { judge }: Question, now: number): CheckResult {
  if (answer.end === 'timed-out') throw new CannotRun('was not answered for in time');
  if (answer.end === 'cut-short') return inconclusive('the answer was cut short');
  if (answer.end === 'too-long') return inconclusive(`the answer is longer than ${MAX_READ_BYTES / 1_048_576} MB`);
  const parsed = parseJson(new TextDecoder().decode(answer.body));
  return parsed ? judge(parsed.json, now) : inconclusive('the answer is not JSON');
}

async function ask(check: GithubCheck, question: Question, context: CheckContext): Promise<CheckResult> {
  const token = check.token && fromEnvironment(check.token.env, context);
  const redact = redactor(token === undefined ? [] : [token]);
  const { signal, access, now } = context;
  const headers: { [name: string]: string } = {
    accept: 'application/vnd.github+json',
    'accept-encoding': 'identity',
    'user-agent': 'launch-director',
    'x-github-api-version': API_VERSION,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const base = (check.api ?? PUBLIC_API).replace(/\/+$/, '');
  const url = new URL(`${base}/repos/${check.repo}/${question.path}`);
  const answer = await request({ url, method: 'GET', headers, signal, access });
  const limit = limitReached(answer, now());
  if (limit !== undefined) return inconclusive(limit);
  if (answer.status !== 200) return refuse(answer, token !== undefined);
  const { outcome, seen } = judgeAnswer(answer, question, now());
  return { outcome, seen: redact(seen) };
}

async function runGithub(check: GithubCheck, context: CheckContext): Promise<CheckResult> {
  const question = questionOf(check);
  try {
    const { outcome, seen } = await ask(check, question, context);
    return { outcome, seen: `${question.name}: ${seen}` };
  } catch (error) {
    throw error instanceof CannotRun ? new CannotRun(`${question.name} ${error.message}`) : error;
  }
}

function refusals({ api, token }: GithubCheck, access: Access): string[] {
  const host = hostRefused(access, new URL(api ?? PUBLIC_API).hostname);
  return [...(host === undefined ? [] : [host]), ...secretsRefused([token], access)];
}

export const github: CheckType<GithubCheck> = { schema: githubCheck, refusals, run: runGithub };
