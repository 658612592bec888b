import type { Json } from '../../domain/plan';
import type { ExpectationAt } from '../../plan/checks/operators';
import { PathError, select } from './json-path';
import { evaluate, type Subject } from './operators';
import { type Finding, inconclusive } from './result';

type Redact = (text: string) => string;

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A text from the target, as a sentence may show it. */
export function textSubject(name: string, value: string | undefined, shown?: string): Subject {
  return { name, value, shown, number: value !== undefined && NUMBER.test(value) ? Number(value) : undefined };
}

export function parseJson(text: string): { json: Json } | undefined {
  try {
    return { json: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}

/** Holds what the paths select against what is expected there. */
export function jsonFindings(json: Json, expected: readonly ExpectationAt[], redact: Redact): Finding[] {
  return expected.flatMap(({ path, ...expectation }) => {
    try {
      const values = select(path, json);
      if (values.length === 0) return [evaluate(expectation, { name: path, value: undefined })];
      // Of several values every one has to be as expected.
      return values.map((value) => evaluate(expectation, { name: path, value, shown: redact(shownJson(value)) }));
    } catch (error) {
      if (error instanceof PathError) return [inconclusive(error.message)];
      throw error;
    }
  });
}

/** Lists and objects are described: whatever else is in them is nobody's business here. */
function shownJson(value: Json): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value !== null && typeof value === 'object' ? 'an object' : JSON.stringify(value);
}
