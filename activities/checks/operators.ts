import type { Json } from '../../domain/plan';
import type { Expectation } from '../../plan/checks/operators';
import { TookTooLong } from './bounded';
import { isFound } from './patterns';
import type { Finding } from './result';
import { failed, inconclusive, NOT_SHOWN, passed, quoted } from './result';

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
  // A list or an object is never the same as a text, but nobody who writes `not: "x"` means that one will do.
  not: ({ value }, operand) => (operand === null ? value !== undefined : isScalar(value)) && value !== operand,
  atLeast: (subject, operand) => (numberOf(subject) ?? NaN) >= operand,
  atMost: (subject, operand) => (numberOf(subject) ?? NaN) <= operand,
  contains: ({ value }, operand) =>
    typeof value === 'string' || Array.isArray(value) ? (value as string | Json[]).includes(operand) : false,
  matches: ({ value }, operand) => typeof value === 'string' && isFound(operand, value),
  exists: ({ value }, operand) => (value !== undefined) === operand,
  length: ({ value }, operand) =>
    (typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : -1) === operand,
};

const OPERATORS = Object.keys(HOLDS) as Array<keyof Expectation>;

/** Undefined where it could not be told. */
function holds(operator: keyof Expectation, subject: Subject, operand: unknown): boolean | undefined {
  try {
    // The operand belongs to its operator: both come from one parsed entry.
    return (HOLDS[operator] as (subject: Subject, operand: unknown) => boolean)(subject, operand);
  } catch (error) {
    if (error instanceof TookTooLong) return undefined;
    throw error;
  }
}

/** Of what only has to be there, or to be so long, the value itself is nobody's business. */
const WITHOUT_VALUE: ReadonlySet<keyof Expectation> = new Set(['exists', 'length']);

function described({ value, shown }: Subject): string {
  if (shown === NOT_SHOWN) return 'present';
  if (typeof value === 'string') return `a text of ${[...value].length} letters`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === null ? 'null' : 'present';
}

function shownOf(subject: Subject, given: ReadonlyArray<keyof Expectation>): string {
  if (subject.value === undefined) return 'absent';
  if (given.every((operator) => WITHOUT_VALUE.has(operator))) return described(subject);
  return subject.shown ?? quoted(subject.value);
}

/**
 * Holds a value against an expectation: passed when every operator that is given holds, failed when one does not,
 * inconclusive when a pattern is too costly for the text, or nothing is expected.
 */
export function evaluate(expectation: Expectation, subject: Subject): Finding {
  const given = OPERATORS.filter((operator) => expectation[operator] !== undefined);
  const told = given.map((operator) => ({ operator, holds: holds(operator, subject, expectation[operator]) }));
  const missed = told.filter((each) => each.holds === false).map(({ operator }) => expectedText(operator, expectation));
  const shown = shownOf(subject, given);
  if (missed.length > 0) return failed(`${subject.name} is ${shown}, expected ${missed.join(' and ')}`);
  if (told.some((each) => each.holds === undefined)) {
    return inconclusive(
      `the pattern ${quoted(expectation.matches)} is too costly for a text as long as ${subject.name}`
    );
  }
  return given.length > 0
    ? passed(`${subject.name} is ${shown}`)
    : inconclusive(`nothing is expected of ${subject.name}`);
}

function expectedText(operator: keyof Expectation, expectation: Expectation): string {
  return (EXPECTED[operator] as (operand: unknown) => string)(expectation[operator]);
}
