import { FunctionExpressionType, JSONPathEnvironment, type FilterFunction } from 'json-p3';
import { RE2JS } from 're2js';
import type { Json } from '../../domain/plan';
import { bounded, TookTooLong } from './bounded';

/** A path that selects more than this is not about one value any more. */
const MAX_SELECTED = 10_000;

/** The path could not be followed to its end in this document. */
export class PathError extends Error {}

/** The standard's two pattern functions, by RE2: a backtracking engine can be made to hang by what a target sends. */
function patternFunction(test: (text: string, pattern: RE2JS) => boolean): FilterFunction {
  return {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call: (text: unknown, pattern: unknown) => {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      try {
        return test(text, RE2JS.compile(pattern));
      } catch {
        return false; // as the standard has it for a pattern that is none
      }
    },
  };
}

function createEnvironment(): JSONPathEnvironment {
  const environment = new JSONPathEnvironment();
  environment.functionRegister.set(
    'match',
    patternFunction((text, pattern) => pattern.matches(text))
  );
  environment.functionRegister.set(
    'search',
    patternFunction((text, pattern) => pattern.matcher(text).find())
  );
  return environment;
}

const ENVIRONMENT = createEnvironment();

/** What a path selects, and the keys and indexes that lead to it. */
export interface Selected {
  value: Json;
  location: ReadonlyArray<string | number>;
}

/**
 * The values that a JSONPath (RFC 9535) selects.
 * @throws PathError when it takes too long to follow, the document is nested too deeply for it or too much is selected
 */
export function select(path: string, json: Json): Selected[] {
  try {
    return bounded(() => valuesAt(path, json));
  } catch (error) {
    if (error instanceof PathError) throw error;
    const reason = error instanceof TookTooLong ? 'it takes too long' : (error as Error).name;
    throw new PathError(`${path} could not be followed in a document like this (${reason})`);
  }
}

function valuesAt(path: string, json: Json): Selected[] {
  const values: Selected[] = [];
  for (const node of ENVIRONMENT.lazyQuery(path, json)) {
    if (values.length >= MAX_SELECTED) throw new PathError(`${path} selects more than ${MAX_SELECTED} values`);
    values.push({ value: node.value as Json, location: node.location });
  }
  return values;
}
