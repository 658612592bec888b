import { DAY } from '../../domain/units';
import { httpCheck, type HttpCheck } from '../../plan/checks/http';
import { namesCredential } from '../../plan/credentials';
import { parseDuration } from '../../plan/time';
import { hostRefused, plainHost, type Access } from './access';
import type { CheckType } from './check-type';
import { fromEnvironment, secretsRefused } from './environment';
import { shownAddress, shownLocation, shownTarget } from './http-redirect';
import { request, type HttpAnswer, type HttpRequest } from './http-request';
import { redactor, secretsOfAddress, secretsOfHeader } from './redact';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, NOT_SHOWN, passed, quoted, worstOf } from './result';
import { jsonFindings, evaluateTogether, parseJson, textSubject, unlessEmpty } from './text-findings';

type Expected = NonNullable<HttpCheck['expect']>;
type Redact = (text: string) => string;

/** How what was answered is looked at. */
interface Look {
  evaluate: ReturnType<typeof evaluateTogether>;
  redact: Redact;
}

interface Prepared {
  request: HttpRequest;
  /** "GET https://host/path", as it may be shown. */
  label: string;
  redact: Redact;
}

/** The address that a plan gives, and how it may be shown. @throws CannotRun where the worker's variable holds none */
export function addressOf(
  url: HttpCheck['url'],
  context: CheckContext
): { url: URL; shown: string; secrets: string[] } {
  if (typeof url === 'string') {
    const parsed = new URL(url);
    return { url: parsed, shown: shownAddress(parsed), secrets: [] };
  }
  const value = fromEnvironment(url.env, context);
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new CannotRun(`${url.env} in the worker's environment is not an http or https address; correct it there`);
  }
  const secrets = [value, ...secretsOfAddress(parsed), parsed.hostname, plainHost(parsed.hostname)];
  return { url: parsed, shown: `$${url.env}`, secrets };
}

function prepare(check: HttpCheck, context: CheckContext): Prepared {
  const { url, shown, secrets } = addressOf(check.url, context);
  const method = check.method ?? 'GET';
  if (check.expect?.tls && url.protocol !== 'https:') {
    throw new CannotRun(`${shown} is not an https address, so there is no certificate to look at; correct it`);
  }
  const body = check.body === undefined || typeof check.body === 'string' ? check.body : JSON.stringify(check.body);
  const headers: { [name: string]: string } = { 'user-agent': 'launch-director', 'accept-encoding': 'identity' };
  const secretHeaders = new Set<string>();
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  if (body !== undefined && typeof check.body !== 'string') headers['content-type'] = 'application/json';
  for (const [name, given] of Object.entries(check.headers ?? {})) {
    const value = typeof given === 'string' ? given : fromEnvironment(given.env, context);
    headers[name.toLowerCase()] = value;
    if (typeof given === 'string' && !namesCredential(name)) continue;
    secrets.push(...secretsOfHeader(value));
    secretHeaders.add(name.toLowerCase());
  }
  const { signal, access } = context;
  return {
    request: { url, method, headers, secretHeaders, body, redirects: check.redirects, signal, access },
    label: `${method} ${shown}`,
    redact: redactor(secrets),
  };
}

function statusFinding(answer: HttpAnswer, expected: Expected['status'], redact: Redact): Finding {
  const { status, headers, notFollowed, answeredBy } = answer;
  const wanted = expected === undefined ? undefined : [expected].flat();
  const fits = wanted ? wanted.includes(status) : status >= 200 && status <= 299;
  const moved = status >= 300 && status <= 399 ? headers.location : undefined;
  const why = notFollowed ?? 'which is not followed';
  const where =
    moved !== undefined ? `it redirects to ${quoted(redact(shownLocation(moved, answeredBy)))}, ${why}` : '';
  // Who has redirects followed asks about the page at their end.
  if (fits) return notFollowed === undefined ? passed('') : failed(where);
  return failed(`expected ${wanted?.join(' or ') ?? '200 to 299'}${where && ` (${where})`}`);
}

/**
 * What a header says, once for each time that it has to be as expected: lists are one value in several lines, but of
 * what there can be one of alone (a length, a type) no line may say otherwise.
 */
function valuesOf({ headers, lines }: HttpAnswer, name: string): readonly string[] {
  const values = lines.get(name) ?? [];
  if (values.length < 2) return values;
  const joined = values.join(', ');
  return Array.isArray(headers[name]) || headers[name] === joined ? [joined] : values;
}

function headerFindings(answer: HttpAnswer, expected: Expected['headers'], { evaluate, redact }: Look): Finding[] {
  return Object.entries(expected ?? {}).flatMap(([given, expectation]) => {
    const name = given.toLowerCase();
    const label = `header ${name}`;
    const values = valuesOf(answer, name);
    if (values.length === 0) return [evaluate(expectation, textSubject(label, undefined))];
    return values.map((value) => {
      const shown = namesCredential(name)
        ? NOT_SHOWN
        : quoted(redact(name === 'location' ? shownLocation(value, answer.answeredBy) : value));
      return evaluate(expectation, textSubject(label, value, shown));
    });
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

function bodyFindings(answer: HttpAnswer, expected: Expected, { evaluate, redact }: Look): Finding[] {
  if (answer.end !== 'whole') return [UNREADABLE[answer.end]];
  if (!expected.text && !expected.json) return [];
  const encoding = answer.headers['content-encoding'];
  if (encoding && encoding !== 'identity') return [inconclusive(`its body is encoded as ${quoted(encoding)}, unasked`)];
  const text = new TextDecoder().decode(answer.body);
  const shown = `a text of ${[...text].length} letters`;
  return [
    ...(expected.text
      ? [evaluate(expected.text, textSubject('its body', unlessEmpty(text, expected.text), shown))]
      : []),
    ...(expected.json ? bodyAsJson(text, expected.json, redact) : []),
  ];
}

function latencyFinding({ ms }: HttpAnswer, expected: Expected['latency']): Finding[] {
  if (!expected || ms <= parseDuration(expected.atMost)) return [];
  return [failed(`expected at most ${expected.atMost}`)];
}

function tlsFinding({ validTo }: HttpAnswer, expected: Expected['tls'], now: () => number): Finding[] {
  if (!expected) return [];
  const days = Math.floor(((validTo ?? NaN) - now()) / DAY);
  if (Number.isNaN(days)) return [inconclusive('it could not be told until when its certificate is valid')];
  const { atLeast } = expected.daysLeft;
  const seen = `its certificate has ${days} ${days === 1 ? 'day' : 'days'} left`;
  return [days >= atLeast ? passed(seen) : failed(`${seen}, expected at least ${atLeast}`)];
}

/** A request and the redirects that it may follow, held against what is expected of the last answer. */
async function runHttp(check: HttpCheck, context: CheckContext): Promise<CheckResult> {
  const { request: toSend, label, redact } = prepare(check, context);
  const expected = check.expect ?? {};
  const answer = await request(toSend).catch((error: unknown) => {
    throw error instanceof CannotRun ? new CannotRun(`${label} ${redact(error.message)}`) : error;
  });
  const look = { evaluate: evaluateTogether(), redact };
  const findings = [
    statusFinding(answer, expected.status, redact),
    ...latencyFinding(answer, expected.latency),
    ...tlsFinding(answer, expected.tls, context.now),
    ...headerFindings(answer, expected.headers, look),
    ...bodyFindings(answer, expected, look),
  ];
  const outcome = worstOf(findings);
  const told = findings.filter(
    (finding) => finding.seen !== '' && (outcome === 'passed' || finding.outcome !== 'passed')
  );
  const isElsewhere = answer.answeredBy.href !== toSend.url.href;
  const at = isElsewhere ? ` at ${redact(shownTarget(answer.answeredBy))}` : '';
  const first = `${label} answered ${answer.status}${at} in ${answer.ms} ms`;
  return { outcome, seen: [first, ...told.map(({ seen }) => seen)].join(', ') };
}

function refusals({ url, headers }: HttpCheck, access: Access): string[] {
  const host = typeof url === 'string' ? hostRefused(access, new URL(url).hostname) : undefined;
  const secrets = [typeof url === 'string' ? undefined : url, ...Object.values(headers ?? {})];
  return [...(host === undefined ? [] : [host]), ...secretsRefused(secrets, access)];
}

export const http: CheckType<HttpCheck> = { schema: httpCheck, refusals, run: runHttp };
