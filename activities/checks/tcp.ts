import { connect } from 'node:net';
import { hostOf, tcpCheck, type TcpCheck } from '../../plan/checks/tcp';
import { parseDuration } from '../../plan/time';
import { hostRefused, plainHost, type Access } from './access';
import type { CheckType } from './check-type';
import { codeOf, CONNECTION_REASONS, dial } from './dial';
import { fromEnvironment, secretsRefused } from './environment';
import { redactor } from './redact';
import type { CheckContext, CheckResult } from './result';
import { CannotRun, failed, passed } from './result';

/** What a timer can count. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
/** What a socket fails with that was given up. */
const GIVEN_UP = 'ABORT_ERR';

interface Target {
  host: string;
  /** "host:port", as it may be shown. */
  label: string;
  redact: (text: string) => string;
}

function targetOf({ host: given, port }: TcpCheck, context: CheckContext): Target {
  const text = typeof given === 'string' ? given : fromEnvironment(given.env, context);
  const host = hostOf(text);
  if (typeof given === 'string') {
    if (host === undefined) throw new CannotRun('its host is not a host name or an IP address; amend the plan');
    return { host, label: `${host}:${port}`, redact: (seen) => seen };
  }
  if (host === undefined) {
    throw new CannotRun(
      `${given.env} in the worker's environment is not a host name or an IP address without a port; correct it there`
    );
  }
  return { host, label: `$${given.env}:${port}`, redact: redactor([text, host, plainHost(host)]) };
}

/** Resolves when the address accepts a connection, which is closed at once. */
function accepts(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.on('error', reject);
    socket.once('connect', () => {
      // A port of this machine that nobody listens on can be the one that the connection itself was given.
      const toItself = socket.localPort === port && socket.localAddress === socket.remoteAddress;
      socket.destroy();
      if (toItself) reject(Object.assign(new Error('connected to itself'), { code: 'ECONNREFUSED' }));
      else resolve();
    });
  });
}

/** Why no address accepted, where all of them are known not to. */
function refusedBy(errors: readonly unknown[], label: string): CheckResult {
  const codes = errors.map(codeOf);
  const strange = codes.find((code) => code !== GIVEN_UP && !CONNECTION_REASONS[code]);
  if (strange !== undefined) throw new CannotRun(`${label} could not be asked: the connection failed (${strange})`);
  const told = codes.find((code) => code !== GIVEN_UP) ?? GIVEN_UP;
  return failed(`${label} did not accept a connection: ${CONNECTION_REASONS[told]} (${told})`);
}

/** Asks all addresses of a host at once: it accepts when one of them does. */
async function runTcp(check: TcpCheck, context: CheckContext): Promise<CheckResult> {
  const { host, label, redact } = targetOf(check, context);
  const { addresses } = await dial(host, context.access, context.signal).catch((error: unknown) => {
    throw error instanceof CannotRun ? new CannotRun(`${label} could not be asked: ${redact(error.message)}`) : error;
  });
  const begun = performance.now();
  const elapsed = (): number => Math.round(performance.now() - begun);
  const ended = new AbortController();
  const within = check.within === undefined ? undefined : Math.min(parseDuration(check.within), LONGEST_WAIT_MS);
  const timer = within === undefined ? undefined : setTimeout(() => ended.abort(), within);
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    await Promise.any(addresses.map(({ address }) => accepts(address, check.port, signal)));
    const took = `${label} accepted a connection in ${elapsed()} ms`;
    // The clock of a busy worker can ring after the connection was made.
    return within !== undefined && elapsed() > within ? failed(`${took}, expected ${check.within}`) : passed(took);
  } catch (error) {
    const late = `${label} did not accept a connection within`;
    if (ended.signal.aborted) return failed(`${late} ${check.within}`);
    if (!context.signal.aborted) return refusedBy((error as AggregateError).errors, label);
    // The time of the check is what is allowed where nothing else is; being cancelled tells nothing.
    const isTime = (context.signal.reason as Error | undefined)?.name === 'TimeoutError';
    if (isTime && within === undefined) return failed(`${late} ${elapsed()} ms`);
    throw new CannotRun(`${label} was not waited for until ${check.within ?? 'the end'}: the check was ended first`);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

function refusals({ host }: TcpCheck, access: Access): string[] {
  if (typeof host !== 'string') return secretsRefused([host], access);
  const refused = hostRefused(access, hostOf(host) ?? host);
  return refused === undefined ? [] : [refused];
}

export const tcp: CheckType<TcpCheck> = { schema: tcpCheck, refusals, run: runTcp };
