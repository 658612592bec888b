import { httpCheck, type HttpCheck } from '../../plan/checks/http';
import { parseDuration } from '../../plan/time';
import { hostRefused, type Access } from './access';
import type { CheckType } from './check-type';
import { fromEnvironment, secretsRefused } from './environment';
import { request, type HttpAnswer, type HttpRequest } from './http-request';
import { evaluate } from './operators';
import { redactor, secretsOfAddress, secretsOfHeader } from './redact';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, passed, quoted, worstOf } from './result';
import { jsonFindings, parseJson, textSubject } from './text-findings';

type Expected = NonNullable<HttpCheck['expect']>;
type Redact = (text: string) => string;

const CREDENTIALS = /^(authorization|proxy-authorization|cookie|x-api-key|.*(token|secret|password).*)$/i;
const NOT_SHOWN = /^(set-cookie|www-authenticate|authentication-info)$/i;

interface Prepared {
  request: HttpRequest;
  /** "GET https://host/path", as it may be shown. */
  label: string;
  redact: Redact;
}

function addressOf(url: HttpCheck['url'], context: CheckContext): { url: URL; shown: string; secrets: string[] } {
  if (typeof url === 'string') {
    const parsed = new URL(url);
    return { url: parsed, shown: `${parsed.origin}${parsed.pathname}${parsed.search ? '?…' : ''}`, secrets: [] };
  }
  const value = fromEnvironment(url.env, context);
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new CannotRun(`${url.env} in the worker's environment is not an http or https address; correct it there`);
  }
  return { url: parsed, shown: `$${url.env}`, secrets: [value, ...secretsOfAddress(parsed)] };
}

function prepare(check: HttpCheck, context: CheckContext): Prepared {
  const { url, shown, secrets } = addressOf(check.url, context);
  const method = check.method ?? 'GET';
  const body = check.body === undefined || typeof check.body === 'string' ? check.body : JSON.stringify(check.body);
  const headers: { [name: string]: string } = { 'user-agent': 'launch-director', 'accept-encoding': 'identity' };
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  if (body !== undefined && typeof check.body !== 'string') headers['content-type'] = 'application/json';
  for (const [name, given] of Object.entries(check.headers ?? {})) {
    const value = typeof given === 'string' ? given : fromEnvironment(given.env, context);
    if (typeof given !== 'string' || CREDENTIALS.test(name)) secrets.push(...secretsOfHeader(value));
    headers[name.toLowerCase()] = value;
  }
  return {
    request: { url, method, headers, body, signal: context.signal, access: context.access },
    label: `${method} ${shown}`,
    redact: redactor(secrets),
  };
}

function statusFinding({ status, headers }: HttpAnswer, expected: Expected['status'], redact: Redact): Finding {
  const wanted = expected === undefined ? undefined : [expected].flat();
  if (wanted ? wanted.includes(status) : status >= 200 && status <= 299) return passed('');
  const moved = status >= 300 && status <= 399 && headers.location;
  const where = moved ? ` (it redirects to ${quoted(redact(moved))}, which is not followed)` : '';
  return failed(`expected ${wanted?.join(' or ') ?? '200 to 299'}${where}`);
}

function headerFindings(answer: HttpAnswer, expected: Expected['headers'], redact: Redact): Finding[] {
  return Object.entries(expected ?? {}).map(([name, expectation]) => {
    const found = answer.headers[name.toLowerCase()];
    const value = Array.isArray(found) ? found.join(', ') : found;
    const shown = value === undefined ? undefined : NOT_SHOWN.test(name) ? 'not shown' : quoted(redact(value));
    return evaluate(expectation, textSubject(`header ${name.toLowerCase()}`, value, shown));
  });
}

const UNREADABLE: { [end in Exclude<HttpAnswer['end'], 'whole'>]: Finding } = {
  'cut-short': inconclusive('its answer was cut short'),
  'too-long': inconclusive(`its answer is longer than ${MAX_READ_BYTES / 1_048_576} MB`),
  'timed-out': { outcome: 'errored', seen: 'its answer did not end in time' },
};

function bodyAsJson(text: string, expected: NonNullable<Expected['json']>, redact: Redact): Finding[] {
  const parsed = parseJson(text);
  return parsed ? jsonFindings(parsed.json, expected, redact) : [inconclusive('its body is not JSON')];
}

function bodyFindings(answer: HttpAnswer, expected: Expected, redact: Redact): Finding[] {
  if (answer.end !== 'whole') return [UNREADABLE[answer.end]];
  const encoding = answer.headers['content-encoding'];
  if (!expected.text && !expected.json) return [];
  if (encoding && encoding !== 'identity') return [inconclusive(`its body is encoded as ${quoted(encoding)}, unasked`)];
  const text = new TextDecoder().decode(answer.body);
  const shown = `a text of ${[...text].length} letters`;
  return [
    ...(expected.text ? [evaluate(expected.text, textSubject('its body', text, shown))] : []),
    ...(expected.json ? bodyAsJson(text, expected.json, redact) : []),
  ];
}

function latencyFinding({ ms }: HttpAnswer, expected: Expected['latency']): Finding[] {
  if (!expected || ms <= parseDuration(expected.atMost)) return [];
  return [failed(`expected at most ${expected.atMost}`)];
}

/** One request, held against what is expected of its answer. */
async function runHttp(check: HttpCheck, context: CheckContext): Promise<CheckResult> {
  const { request: toSend, label, redact } = prepare(check, context);
  const expected = check.expect ?? {};
  const answer = await request(toSend).catch((error: unknown) => {
    throw error instanceof CannotRun ? new CannotRun(`${label} ${error.message}`) : error;
  });
  const findings = [
    statusFinding(answer, expected.status, redact),
    ...latencyFinding(answer, expected.latency),
    ...headerFindings(answer, expected.headers, redact),
    ...bodyFindings(answer, expected, redact),
  ];
  const outcome = worstOf(findings);
  const told = findings.filter(
    (finding) => finding.seen !== '' && (outcome === 'passed' || finding.outcome !== 'passed')
  );
  const sentence = [`${label} answered ${answer.status} in ${answer.ms} ms`, ...told.map(({ seen }) => seen)].join(
    ', '
  );
  return { outcome, seen: sentence };
}

function refusals({ url, headers }: HttpCheck, access: Access): string[] {
  const host = typeof url === 'string' ? hostRefused(access, new URL(url).hostname) : undefined;
  const secrets = [typeof url === 'string' ? undefined : url, ...Object.values(headers ?? {})];
  return [...(host === undefined ? [] : [host]), ...secretsRefused(secrets, access)];
}

export const http: CheckType<HttpCheck> = { schema: httpCheck, refusals, run: runHttp };
