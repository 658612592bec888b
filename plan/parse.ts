/** YAML or JSON text to plain values, with the position of everything in it. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { error, formatPath, type Finding, type Path, type Problem } from './problem';

export const MAX_BYTES = 1_000_000;
/** Enough for shared lists of owners; far below what an exploding document needs. */
const MAX_ALIASES = 100;

/** Levels, or columns of indentation; a plan has about ten. */
const MAX_DEPTH = 200;
/** One slip makes the parser report many; the first ones tell. */
const MAX_SYNTAX_PROBLEMS = 10;

export interface Source {
  file: string;
  /** Plain values; undefined where the text could not be read. */
  value: unknown;
  problems: Problem[];
  /** Turns a finding into a problem by looking up where its path is in the text. */
  locate(finding: Finding): Problem;
}

type Position = { line: number; column: number };
const TOP: Position = { line: 1, column: 1 };

function toProblem(file: string, finding: Finding, position: Position): Problem {
  const { severity, code, path, found, expected, message } = finding;
  return {
    severity,
    code,
    file,
    ...position,
    path: formatPath(path),
    found,
    expected,
    message: message ?? `found ${found}, expected ${expected}`,
  };
}

function unreadable(file: string, finding: Finding, position = TOP): Source {
  const locate = (other: Finding): Problem => toProblem(file, other, TOP);
  return { file, value: undefined, problems: [toProblem(file, finding, position)], locate };
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function childOf(node: unknown, part: string | number): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node)) return typeof part === 'number' && part in node.items ? { value: node.items[part] } : undefined;
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }: Pair) => (isScalar(key) ? String(key.value) : String(key)) === String(part));
  return pair && { key: pair.key, value: pair.value };
}

/** Start of the node at `path`, or of the nearest one above it that is there. */
function offsetOf(document: Document, { path, at }: Pick<Finding, 'path' | 'at'>): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const [index, part] of path.entries()) {
    const child = childOf(resolved(node, document), part);
    if (!child) break;
    const keyOnly = (index === path.length - 1 && at === 'key') || child.value === null;
    const shown = (keyOnly ? child.key : child.value) as Node | undefined;
    offset = shown?.range?.[0] ?? (child.key as Node | undefined)?.range?.[0] ?? offset;
    node = child.value;
  }
  return offset;
}

/**
 * Whether lists and mappings nest deeper than any plan does. The parser goes down one call for each level, and running
 * out of stack can end the whole process; the lexer does not go down.
 */
function tooDeep(text: string): boolean {
  let open = 0;
  let line = { indent: 0, indicators: 0 };
  let isFirst = true;
  for (const token of new Lexer().lex(text)) {
    if (token === '\n' || token === '\r\n') {
      line = { indent: 0, indicators: 0 };
      isFirst = true;
      continue;
    }
    if (token === '[' || token === '{') open++;
    else if (token === ']' || token === '}') open = Math.max(0, open - 1);
    else if (token === '-' || token === '?') line.indicators++;
    else if (isFirst && /^ +$/.test(token)) line.indent = token.length;
    isFirst = false;
    // An inner block is always further to the right than the one around it.
    if (open + line.indicators + line.indent > MAX_DEPTH) return true;
  }
  return false;
}

function refuseBeforeReading(text: string, file: string): Source | undefined {
  const bytes = Buffer.byteLength(text);
  const say = (code: string, found: string, expected: string, message: string) =>
    unreadable(file, error(code, [], { found, expected, message }));
  if (bytes > MAX_BYTES) {
    const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
    return say('TOO_LARGE', size, 'at most 1 MB', `the document has ${size}; a plan may have 1 MB at most`);
  }
  if (text.trim() === '') {
    return say('EMPTY', 'an empty file', 'a plan document', 'the file is empty; a plan begins with `version: 1`');
  }
  if (text.includes('\0')) {
    return say('NOT_TEXT', 'binary data', 'YAML or JSON text', 'the file is not text; a plan is YAML or JSON in UTF-8');
  }
  if (tooDeep(text)) {
    return say('TOO_DEEP', 'nesting without end', 'a few levels', 'the document is nested too deeply to be a plan');
  }
  return undefined;
}

function syntaxProblems(document: Document, file: string, text: string): Problem[] {
  const all = [...document.errors, ...document.warnings];
  return all.slice(0, MAX_SYNTAX_PROBLEMS).map((problem) => {
    const { line, col } = problem.linePos?.[0] ?? { line: 1, col: 1 };
    const duplicate = problem.code === 'DUPLICATE_KEY';
    const reason = problem.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
    const found = JSON.stringify((text.split('\n', line)[line - 1] ?? '').trim().slice(0, 60));
    const finding = error(duplicate ? 'DUPLICATE_KEY' : 'SYNTAX', [], {
      found,
      expected: duplicate ? 'each key once' : 'YAML or JSON',
      message: `${reason} (near ${found})`,
    });
    return toProblem(file, finding, { line, column: col });
  });
}

/** Reads a document. Whatever the text is, the answer is a value or problems; nothing is thrown. */
export function parseSource(text: string, file: string): Source {
  const refused = refuseBeforeReading(text, file);
  if (refused) return refused;
  return read(text, file);
}

function read(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: true });
  const locate = (finding: Finding): Problem => {
    const { line, col } = lines.linePos(offsetOf(document, finding));
    return toProblem(file, finding, { line: Math.max(line, 1), column: Math.max(col, 1) });
  };
  const problems = syntaxProblems(document, file, text);
  if (problems.length > 0) return { file, value: undefined, problems, locate };
  try {
    return { file, value: document.toJS({ maxAliasCount: MAX_ALIASES }), problems, locate };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const finding = error('ALIASES', [], {
      found: 'aliases that cannot be expanded',
      expected: `at most ${MAX_ALIASES} values through aliases`,
      message: `aliases cannot be expanded: ${reason}; write the values out`,
    });
    return unreadable(file, finding);
  }
}
