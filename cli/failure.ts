import { asJson, clean, cleanLines } from './text';

/** The exit codes of every command. */
export const EXIT = { done: 0, refused: 1, badInput: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot do what it was asked, found out here and not by a service. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly code: string,
    message: string,
    readonly more: { exit?: ExitCode; details?: { [key: string]: unknown } } = {}
  ) {
    super(message);
  }
}

export interface Failure {
  code: string;
  message: string;
  details?: { [key: string]: unknown };
}

const BAD_INPUT: ReadonlySet<string> = new Set([
  'BAD_INPUT',
  'NOT_FOUND',
  'TOO_MANY_ITEMS',
  'BAD_CONFIG',
  'NO_CRITERION',
]);
const UNREACHABLE: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'NO_WORKER',
  'UNFINISHED',
  'SEARCH_ATTRIBUTES_MISSING',
  'TEMPORAL_UNAVAILABLE',
  'TEST_SERVER_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'DATA_IN_USE',
  'DATA_UNUSABLE',
  'PORT_TAKEN',
  'CHILD_FAILED',
  'NOT_BUILT',
  'DATABASE_UNREACHABLE',
  'DATABASE_NOT_READY',
  'MIGRATION_REFUSED',
]);

function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as { [key: string]: unknown })[name] : undefined;
}

/** Any error as its code, message and exit code. Coded errors of every layer keep their code. */
export function failureOf(error: unknown): { failure: Failure; exit: ExitCode } {
  const code = field(error, 'code');
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CliError) {
    const { exit = EXIT.badInput, details } = error.more;
    return { failure: { code: error.code, message, details }, exit };
  }
  // Node's own codes (ENOENT) say something to us, not to who reads this.
  const isCoded = typeof code === 'string' && /^[A-Z]+(_[A-Z]+)*$/.test(code) && field(error, 'errno') === undefined;
  if (!isCoded)
    return { failure: { code: 'INTERNAL', message: message || 'it failed without a word' }, exit: EXIT.refused };
  const details = field(error, 'details');
  const exit = exitOf(code, field(error, 'name'));
  return {
    failure: { code, message, ...(typeof details === 'object' && details !== null ? { details } : {}) } as Failure,
    exit,
  };
}

function exitOf(code: string, name: unknown): ExitCode {
  if (BAD_INPUT.has(code) || name === 'PlanError') return EXIT.badInput;
  return UNREACHABLE.has(code) ? EXIT.unreachable : EXIT.refused;
}

/** Prints a failure: for a program on standard output, for a person on standard error. Returns the exit code. */
export function printFailure(error: unknown, json: boolean): ExitCode {
  const { failure, exit } = failureOf(error);
  if (json) process.stdout.write(`${asJson({ error: failure })}\n`);
  else process.stderr.write(`launch: ${cleanLines(failure.message)} (${clean(failure.code)})\n`);
  if (failure.code === 'INTERNAL' && process.env['LAUNCH_DEBUG'] && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  return exit;
}
