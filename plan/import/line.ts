/** One line of text without its mark-up, and what its beginning says: a box, a mark, a bold label. */
import type { Token } from 'markdown-it';

export type Mark = 'done' | 'warning' | 'missing';

export interface Line {
  line: number;
  /** Plain text, without box, mark and label. */
  value: string;
  /** Plain text with its label, without box and mark. */
  text: string;
  /** `**ASSIGNED:**` as `assigned`, `**Owner**: x` as `owner`. */
  label?: string;
  /** The label as written. */
  labelText?: string;
  checked?: boolean;
  mark?: Mark;
  /** Code spans and addresses of links. */
  codes: string[];
  /** Bold runs. */
  bold: string[];
}

const MARKS: Array<[RegExp, Mark]> = [
  [/^(?:✅|✔️?|☑️?|:white_check_mark:|:heavy_check_mark:)\s*/u, 'done'],
  [/^(?:⚠️?|🟡|🟠|⏳|🚧|:warning:)\s*/u, 'warning'],
  [/^(?:❌|✖️?|❎|🔴|⛔|🚫|:x:|:no_entry:)\s*/u, 'missing'],
];
const BOX = /^(?:\[([ xX])\]|(☐)|(☑|☒))(?:\s+|$)/u;
const MAX_LABEL_LETTERS = 40;

function leadingLabel(text: string, bold: string[]): string | undefined {
  const [first] = bold;
  if (first === undefined || !text.startsWith(first) || first.length > MAX_LABEL_LETTERS) return undefined;
  if (first.endsWith(':')) return first.slice(0, -1).trim();
  return text.slice(first.length).trimStart().startsWith(':') ? first : undefined;
}

/** Lower case, without what stands in brackets. */
export function normalLabel(label: string): string {
  return label
    .replace(/\([^)]*\)/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/]+/gu, ' ')
    .trim();
}

function plain(tokens: Token[] | Array<{ type: 'text'; content: string }>): Pick<Line, 'text' | 'codes' | 'bold'> {
  let text = '';
  let boldFrom: number | undefined;
  const codes: string[] = [];
  const bold: string[] = [];
  for (const token of tokens) {
    if (token.type === 'strong_open') boldFrom = text.length;
    else if (token.type === 'strong_close' && boldFrom !== undefined) bold.push(text.slice(boldFrom).trim());
    else if (token.type === 'code_inline') codes.push(token.content);
    else if (token.type === 'link_open' && 'attrGet' in token) codes.push(token.attrGet('href') ?? '');
    if (token.type === 'text' || token.type === 'code_inline' || token.type === 'image') text += token.content;
    else if (token.type === 'text_special') text += token.content;
  }
  return { text: text.replace(/\s+/g, ' ').trim(), codes, bold };
}

export function readLine(tokens: Token[] | Array<{ type: 'text'; content: string }>, line: number): Line {
  const { codes, bold, text: whole } = plain(tokens);
  let text = whole;
  let mark: Mark | undefined;
  const box = BOX.exec(text);
  if (box) text = text.slice(box[0].length);
  for (const [pattern, meaning] of MARKS) {
    const match = pattern.exec(text);
    if (!match) continue;
    mark = meaning;
    text = text.slice(match[0].length);
    break;
  }
  const label = leadingLabel(text, bold);
  const value =
    label === undefined
      ? text
      : text
          .slice(label.length)
          .replace(/^\s*:\s*/, '')
          .trim();
  const checked = box ? box[2] === undefined && box[1] !== ' ' : undefined;
  return { line, text, value, codes, bold, mark, checked, label: label && normalLabel(label), labelText: label };
}
