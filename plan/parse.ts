/** YAML or JSON text to plain values, with the position of everything in it. */
import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml';
import { error, formatPath, show, type Finding, type Problem } from './problem';

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

function unreadable(file: string, finding: Finding): Source {
  const locate = (other: Finding): Problem => toProblem(file, other, TOP);
  return { file, value: undefined, problems: [toProblem(file, finding, TOP)], locate };
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

class TooDeep extends Error {}

/**
 * The text's syntax tree, refused where lists and mappings nest deeper than any plan does. What comes after goes down
 * one call for each level, and running out of stack can end the whole process; lexing does not go down.
 */
function* tokensOf(text: string, onNewLine: (offset: number) => void): Generator<CST.Token> {
  const parser = new Parser(onNewLine);
  let open = 0;
  let line = { indent: 0, indicators: 0 };
  let isFirst = true;
  onNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') open++;
    else if (lexeme === ']' || lexeme === '}') open = Math.max(0, open - 1);
    else if (lexeme === '-' || lexeme === '?') line.indicators++;
    else if (isFirst && /^ +$/.test(lexeme)) line.indent = lexeme.length;
    isFirst = lexeme === '\n' || lexeme === '\r\n';
    if (isFirst) line = { indent: 0, indicators: 0 };
    // An inner block is always further to the right than the one around it.
    if (open + line.indicators + line.indent > MAX_DEPTH) throw new TooDeep();
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

interface Composed {
  document: Document;
  /** Errors and warnings of the syntax, with offsets into the text. */
  problems: Array<Pick<YAMLError, 'code' | 'message' | 'pos'>>;
}

function compose(text: string, lines: LineCounter): Composed {
  const tokens = tokensOf(text, lines.addNewLine);
  const [document, second] = [...new Composer({ uniqueKeys: true, strict: true }).compose(tokens, true, text.length)];
  const problems: Composed['problems'] = [...document!.errors, ...document!.warnings];
  if (second) {
    const [from, to] = second.range;
    problems.push({
      code: 'MULTIPLE_DOCS',
      message: 'A second document begins; a file holds one plan',
      pos: [from, to],
    });
  }
  return { document: document!, problems };
}

function beforeReading(text: string): Finding | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    const found = `${(bytes / 1_000_000).toFixed(1)} MB`;
    const message = `the document has ${found}; a plan may have 1 MB at most`;
    return error('TOO_LARGE', [], { found, expected: 'at most 1 MB', message });
  }
  if (text.trim() === '') {
    const message = 'the file is empty; a plan begins with `version: 1`';
    return error('EMPTY', [], { found: 'an empty file', expected: 'a plan document', message });
  }
  if (text.includes('\0')) {
    const message = 'the file is not text; a plan is YAML or JSON in UTF-8';
    return error('NOT_TEXT', [], { found: 'binary data', expected: 'YAML or JSON text', message });
  }
  return undefined;
}

function syntaxProblem({ code, message, pos }: Composed['problems'][number], text: string): Finding {
  const line = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1).split('\n', 1)[0]!;
  const found = show(line.trim());
  return error(code === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'SYNTAX', [], {
    found,
    expected: code === 'DUPLICATE_KEY' ? 'each key once' : 'YAML or JSON',
    message: `${message.split('\n')[0]!} (near ${found})`,
  });
}

function toValue(document: Document): { value: unknown } | Finding {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return error('ALIASES', [], {
      found: 'aliases that cannot be expanded',
      expected: `at most ${MAX_ALIASES} values through aliases`,
      message: `aliases cannot be expanded: ${reason}; write the values out`,
    });
  }
}

function read(text: string, file: string): Source {
  const lines = new LineCounter();
  const { document, problems } = compose(text, lines);
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const locate = (finding: Finding): Problem => toProblem(file, finding, positionAt(offsetOf(document, finding)));
  if (problems.length > 0) {
    const shown = problems.slice(0, MAX_SYNTAX_PROBLEMS);
    const located = shown.map((problem) => toProblem(file, syntaxProblem(problem, text), positionAt(problem.pos[0])));
    return { file, value: undefined, problems: located, locate };
  }
  const result = toValue(document);
  return 'value' in result ? { file, value: result.value, problems: [], locate } : unreadable(file, result);
}

/** Reads a document. Whatever the text is, the answer is a value or problems; nothing is thrown. */
export function parseSource(text: string, file: string): Source {
  const refused = beforeReading(text);
  if (refused) return unreadable(file, refused);
  try {
    return read(text, file);
  } catch (cause) {
    if (!(cause instanceof TooDeep)) throw cause;
    const message = 'the document is nested too deeply to be a plan';
    return unreadable(file, error('TOO_DEEP', [], { found: 'nesting without end', expected: 'a few levels', message }));
  }
}
