import type { Json } from '../../domain/plan';
import type { ExpectationAt } from '../../plan/checks/operators';
import { boundedTogether, TookTooLong } from './bounded';
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

function findingsAt(json: Json, { path, ...expectation }: ExpectationAt, redact: Redact): Finding[] {
  const values = select(path, json);
  if (values.length === 0) return [evaluate(expectation, { name: path, value: undefined })];
  // Of several values every one has to be as expected.
  return values.map((value) => evaluate(expectation, { name: path, value, shown: redact(shownJson(value)) }));
}

/** Holds what the paths select against what is expected there. */
export function jsonFindings(json: Json, expected: readonly ExpectationAt[], redact: Redact): Finding[] {
  // All paths and values have one time: there can be thousands, with one costly pattern.
  const together = boundedTogether();
  return expected.flatMap((each) => {
    try {
      return together(() => findingsAt(json, each, redact));
    } catch (error) {
      if (error instanceof PathError) return [inconclusive(error.message)];
      if (error instanceof TookTooLong)
        return [inconclusive(`${each.path} takes too long to look at in this document`)];
      throw error;
    }
  });
}

/** Lists and objects are described: whatever else is in them is nobody's business here. */
function shownJson(value: Json): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value !== null && typeof value === 'object' ? 'an object' : JSON.stringify(value);
}
