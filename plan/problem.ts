/** One thing that is wrong, or worth a look, in a plan document. */
export interface Problem {
  severity: 'error' | 'warning';
  /** Stable, for scripts. */
  code: string;
  file: string;
  /** Both count from 1. */
  line: number;
  column: number;
  /** Like `items[3].acceptance[0].check.url`; empty for the whole document. */
  path: string;
  found: string;
  expected: string;
  /** The whole sentence, without the position. */
  message: string;
}

export type Path = ReadonlyArray<string | number>;

/** A problem before it is known where in the file its path is. */
export interface Finding {
  severity: Problem['severity'];
  code: string;
  path: Path;
  /** Whether the key itself is meant rather than its value. */
  at?: 'key';
  found: string;
  expected: string;
  /** What to do, as a sentence of its own; made from found and expected where absent. */
  message?: string;
}

export function error(code: string, path: Path, text: Omit<Finding, 'severity' | 'code' | 'path'>): Finding {
  return { severity: 'error', code, path, ...text };
}

export function warning(code: string, path: Path, text: Omit<Finding, 'severity' | 'code' | 'path'>): Finding {
  return { severity: 'warning', code, path, ...text };
}

/** Addresses are written with a password where none may be. */
const USER_IN_ADDRESS = /\/\/[^\s"/@]*@/g;

export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = part.replace(USER_IN_ADDRESS, '//***@');
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

const SHOWN_LETTERS = 80;

/** A value as a message shows it: short, on one line, without control characters. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value)
    .replace(USER_IN_ADDRESS, '//***@')
    .replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');
  const letters = [...text];
  return letters.length <= SHOWN_LETTERS
    ? text
    : `${letters.slice(0, SHOWN_LETTERS).join('')}… (${letters.length - 2} letters)`;
}

/** The way a problem is printed: `file:line:column: error CODE path: message`. */
export function formatProblem({ file, line, column, severity, code, path, message }: Problem): string {
  return `${file}:${line}:${column}: ${severity} ${code}${path === '' ? '' : ` ${path}`}: ${message}`;
}

/** A plan that cannot be compiled as asked; `problem` says why and what to do. */
export class PlanError extends Error {
  constructor(
    readonly code: string,
    readonly finding: Finding
  ) {
    super(finding.message ?? `found ${finding.found}, expected ${finding.expected}`);
    this.name = 'PlanError';
  }
}
