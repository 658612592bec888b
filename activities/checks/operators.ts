import { RE2JS } from 're2js';
import type { Json } from '../../domain/plan';
import type { Expectation } from '../../plan/checks/operators';
import type { Finding } from './result';
import { failed, passed, quoted } from './result';

/** What an expectation is held against. */
export interface Subject {
  /** As a sentence names it: `$.status`, `header content-type`. */
  name: string;
  /** Absent: undefined. */
  value: Json | undefined;
  /** How a sentence shows the value; what is too long or not to be shown is described instead. */
  shown?: string;
  /** The value as a number, where everything arrives as text. */
  number?: number;
}

type Operators = { [operator in keyof Expectation]-?: (operand: NonNullable<Expectation[operator]>) => string };
type Tests = {
  [operator in keyof Expectation]-?: (subject: Subject, operand: NonNullable<Expectation[operator]>) => boolean;
};

const EXPECTED: Operators = {
  equals: (operand) => quoted(operand),
  not: (operand) => `present and not ${quoted(operand)}`,
  atLeast: (operand) => `at least ${operand}`,
  atMost: (operand) => `at most ${operand}`,
  contains: (operand) => `containing ${quoted(operand)}`,
  matches: (operand) => `matching ${quoted(operand)}`,
  exists: (operand) => (operand ? 'present' : 'absent'),
  length: (operand) => `of length ${operand}`,
};

function isScalar(value: Json | undefined): boolean {
  return value === null || (value !== undefined && typeof value !== 'object');
}

function numberOf({ value, number }: Subject): number | undefined {
  return typeof value === 'number' ? value : number;
}

const HOLDS: Tests = {
  equals: ({ value }, operand) => value === operand,
  // A list or an object is never the same as a scalar, but nobody who writes `not: "x"` means that one will do.
  not: ({ value }, operand) => isScalar(value) && value !== operand,
  atLeast: (subject, operand) => (numberOf(subject) ?? NaN) >= operand,
  atMost: (subject, operand) => (numberOf(subject) ?? NaN) <= operand,
  contains: ({ value }, operand) =>
    typeof value === 'string' || Array.isArray(value) ? (value as string | Json[]).includes(operand) : false,
  matches: ({ value }, operand) => typeof value === 'string' && RE2JS.compile(operand).matcher(value).find(),
  exists: ({ value }, operand) => (value !== undefined) === operand,
  length: ({ value }, operand) =>
    (typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : -1) === operand,
};

/** Holds a value against an expectation: passed when every operator that is given holds, failed otherwise. */
export function evaluate(expectation: Expectation, subject: Subject): Finding {
  const missed = Object.entries(expectation).flatMap(([name, operand]) => {
    if (operand === undefined || !(name in HOLDS)) return [];
    // The operand belongs to its operator: both come from one parsed entry.
    const operator = name as keyof Expectation;
    const holds = HOLDS[operator] as (subject: Subject, operand: unknown) => boolean;
    return holds(subject, operand) ? [] : [(EXPECTED[operator] as (operand: unknown) => string)(operand)];
  });
  const shown = subject.value === undefined ? 'absent' : (subject.shown ?? quoted(subject.value));
  if (missed.length === 0) return passed(`${subject.name} is ${shown}`);
  return failed(`${subject.name} is ${shown}, expected ${missed.join(' and ')}`);
}
