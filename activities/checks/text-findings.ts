import type { Json } from '../../domain/plan';
import type { Expectation, ExpectationAt } from '../../plan/checks/operators';
import { namesCredential } from '../../plan/credentials';
import { boundedTogether, TookTooLong } from './bounded';
import { PathError, select, type Selected } from './json-path';
import { evaluate, type Subject } from './operators';
import { type Finding, inconclusive, NOT_SHOWN } from './result';

type Redact = (text: string) => string;

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A text from the target, as a sentence may show it. */
export function textSubject(name: string, value: string | undefined, shown?: string): Subject {
  return { name, value, shown, number: value !== undefined && NUMBER.test(value) ? Number(value) : undefined };
}

/**
 * A body or an output, which is there in any case: an empty one counts as absent, or a page that says nothing would be
 * one that says nothing wrong, unless an empty one is what is asked for.
 */
export function unlessEmpty(text: string, { equals, length }: Expectation): string | undefined {
  return text !== '' || equals === '' || length === 0 ? text : undefined;
}

/** @returns `evaluate` for several texts of one answer, whose patterns together have the time of one */
export function evaluateTogether(): typeof evaluate {
  const together = boundedTogether();
  return (expectation, subject) => {
    if (expectation.matches === undefined) return evaluate(expectation, subject);
    try {
      return together(() => evaluate(expectation, subject));
    } catch (error) {
      if (error instanceof TookTooLong) return inconclusive(`the patterns are too costly for ${subject.name}`);
      throw error;
    }
  };
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
  return values.map((each) => evaluate(expectation, { name: path, value: each.value, shown: redact(shownJson(each)) }));
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
function shownJson({ value, location }: Selected): string {
  const isSecret = location.some((part) => typeof part === 'string' && namesCredential(part));
  if (isSecret && (typeof value === 'string' || typeof value === 'number')) return NOT_SHOWN;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value !== null && typeof value === 'object' ? 'an object' : JSON.stringify(value);
}
