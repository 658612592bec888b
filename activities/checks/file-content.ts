import { isUtf8 } from 'node:buffer';
import { isAlias, isNode, parseAllDocuments, visit, type Document } from 'yaml';
import type { FilesCheck } from '../../plan/checks/files';
import { boundedTogether, TookTooLong } from './bounded';
import { isFound } from './patterns';
import type { Finding } from './result';
import { failed, inconclusive, passed, quoted } from './result';

/** YAML of some hundred kB takes noticeable time to parse. */
const MAX_MS = 500;

type Format = NonNullable<FilesCheck['parses']>;

/** A reader of a document with an alias of nothing refuses it, which the parser leaves to its readers. */
function hasLostAlias(document: Document): boolean {
  const anchors = new Set<string>();
  let isLost = false;
  visit(document, (_, node) => {
    if (isAlias(node)) isLost ||= !anchors.has(node.source);
    else if (isNode(node) && 'anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
  });
  return isLost;
}

/** Aliases are not expanded: a few lines of them can stand for more than any memory. */
function isYaml(text: string): boolean {
  const documents = parseAllDocuments(text);
  return documents.every((document) => document.errors.length === 0 && !hasLostAlias(document));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const PROBLEMS: { [format in Format]: (text: string) => string | undefined } = {
  json: (text) => (isJson(text) ? undefined : 'it is not JSON'),
  jsonl: (text) => {
    const wrong = text.split('\n').findIndex((line) => line.trim() !== '' && !isJson(line));
    return wrong < 0 ? undefined : `line ${wrong + 1} is not JSON`;
  },
  yaml: (text) => (isYaml(text) ? undefined : 'it is not YAML'),
};

/** What one look at the text says, unless it takes too long or the text is too deep for it. */
function unlessTooMuch(what: string, look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    if (error instanceof TookTooLong) return inconclusive(`it takes too long to look for ${what} in it`);
    if (error instanceof RangeError) return inconclusive(`it is nested too deeply to look for ${what} in it`);
    throw error;
  }
}

const listed = (patterns: FilesCheck['mustContain']): string[] => [patterns ?? []].flat();

/**
 * Holds what is in a file against what should be. What is not UTF-8 text (another encoding, a picture) may hold more than
 * is seen of it: there a pattern that is not found, and a format, cannot be told.
 */
export function contentFindings(bytes: Buffer, { parses, mustContain, mustNotContain }: FilesCheck): Finding[] {
  const isText = isUtf8(bytes) && !bytes.includes(0);
  const text = new TextDecoder().decode(bytes);
  const together = boundedTogether(MAX_MS);
  const unread = inconclusive('it is not UTF-8 text, and no more is read');
  const parse = (format: Format): Finding => {
    const problem = PROBLEMS[format](text);
    return problem === undefined ? passed('') : failed(problem);
  };
  const find = (pattern: string, is: { found: Finding; lacking: Finding }): Finding =>
    unlessTooMuch(quoted(pattern), () =>
      together(() => isFound(pattern, text)) ? is.found : isText ? is.lacking : unread
    );
  return [
    ...(parses ? [isText ? unlessTooMuch(parses, () => together(() => parse(parses))) : unread] : []),
    ...listed(mustContain).map((one) => find(one, { found: passed(''), lacking: failed(`it lacks ${quoted(one)}`) })),
    ...listed(mustNotContain).map((one) => find(one, { found: failed(`it has ${quoted(one)}`), lacking: passed('') })),
  ];
}
