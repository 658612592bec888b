/**
 * The document as a tree of sections, every line with its number. Blocks come from a CommonMark/GFM parser; comments
 * and code fences are opaque, so that the boxes in them stay templates.
 */
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { readLine, type Line } from './line';

export interface Entry extends Line {
  /** The number in an ordered list. */
  ordered?: number;
  children: Entry[];
  /** Further lines of the same entry. */
  more: Line[];
}

export interface Row {
  line: number;
  cells: Line[];
}

export type Block =
  | { type: 'text'; lines: Line[] }
  | { type: 'list'; entries: Entry[] }
  | { type: 'table'; line: number; header: string[]; rows: Row[] }
  | { type: 'opaque'; what: 'comment' | 'code'; from: number; to: number }
  | { type: 'rule'; line: number };

export interface Section {
  level: number;
  heading: Line;
  parent?: Section;
  blocks: Block[];
  children: Section[];
}

export interface MarkdownDocument {
  root: Section;
  /** Source lines; line n is `lines[n - 1]`. */
  lines: string[];
  /** Keys of the front matter, as written. */
  frontMatter: Array<{ line: number; key: string; value: string }>;
  /** Lines of structure that carry no words: rules, fences, the delimiter rows of tables. */
  structure: Set<number>;
}

/** Longer runs of text are read as they stand: some inputs make inline parsing slow. */
const MAX_INLINE_LETTERS = 10_000;
const MAX_FRONT_MATTER_LINES = 200;

const parser = new MarkdownIt({ html: true, linkify: false, typographer: false });
parser.core.ruler.disable(['inline']);

function splitFrontMatter(lines: string[]): Pick<MarkdownDocument, 'frontMatter'> & { body: string[]; end: number } {
  const none = { frontMatter: [], body: lines, end: 0 };
  if (lines[0]?.trim() !== '---') return none;
  const end = lines.slice(1, MAX_FRONT_MATTER_LINES).findIndex((line) => line.trim() === '---') + 1;
  if (end === 0) return none;
  const frontMatter = lines.slice(1, end).flatMap((text, index) => {
    const match = /^([A-Za-z][\w -]*):\s*(.*)$/.exec(text);
    return match ? [{ line: index + 2, key: match[1]!, value: match[2]!.replace(/^["']|["']$/g, '') }] : [];
  });
  return { frontMatter, body: lines.map((line, index) => (index <= end ? '' : line)), end };
}

/** The lines of one inline token. */
function linesOf(token: Token, line: number): Line[] {
  if (token.content.length > MAX_INLINE_LETTERS) {
    return token.content.split('\n').map((text, index) => readLine([{ type: 'text', content: text }], line + index));
  }
  const children: Token[] = [];
  parser.inline.parse(token.content, parser, {}, children);
  const rows: Token[][] = [[]];
  for (const child of children) {
    if (child.type === 'softbreak' || child.type === 'hardbreak') rows.push([]);
    else rows.at(-1)!.push(child);
    // A line break inside a code span or a comment moves the count without a token of its own.
    const inner = child.type.endsWith('break') ? 0 : (child.content.match(/\n/g)?.length ?? 0);
    for (let skipped = 0; skipped < inner; skipped++) rows.push([]);
  }
  return rows
    .map((tokens, index) => readLine(tokens, line + index))
    .filter(({ text, mark, checked }) => text !== '' || mark !== undefined || checked !== undefined);
}

class TreeBuilder {
  readonly root: Section = { level: 0, heading: readLine([], 0), blocks: [], children: [] };
  readonly structure = new Set<number>();
  private section = this.root;
  private readonly entries: Array<Entry | undefined> = [];
  private readonly lists: Array<{ entries: Entry[]; next?: number }> = [];
  private table?: Extract<Block, { type: 'table' }>;
  private row?: Row;

  add(token: Token, following: Token | undefined): void {
    const line = (token.map?.[0] ?? 0) + 1;
    switch (token.type) {
      case 'heading_open':
        return this.openSection(Number(token.tag.slice(1)), linesOf(following!, line));
      case 'bullet_list_open':
      case 'ordered_list_open':
        return this.openList(token);
      case 'bullet_list_close':
      case 'ordered_list_close':
        return void this.lists.pop();
      case 'list_item_open':
        return void this.entries.push(undefined);
      case 'list_item_close':
        return void this.entries.pop();
      case 'table_open':
        this.table = { type: 'table', line, header: [], rows: [] };
        this.structure.add(line + 1);
        return void this.section.blocks.push(this.table);
      case 'table_close':
        this.table = undefined;
        return;
      case 'tr_open':
        this.row = { line, cells: [] };
        if (this.table && line !== this.table.line) this.table.rows.push(this.row);
        return;
      case 'inline':
        return this.text(token, line);
      case 'hr':
        this.structure.add(line);
        return void this.section.blocks.push({ type: 'rule', line });
      case 'fence':
      case 'code_block':
      case 'html_block':
        return this.opaque(token, line);
    }
  }

  private openSection(level: number, lines: Line[]): void {
    let parent = this.section;
    while (parent.level >= level && parent.parent) parent = parent.parent;
    const heading = lines[0] ?? readLine([], 0);
    this.section = { level, heading, parent, blocks: [], children: [] };
    parent.children.push(this.section);
  }

  private openList(token: Token): void {
    const next = token.type === 'ordered_list_open' ? Number(token.attrGet('start') ?? 1) : undefined;
    const list = { entries: [] as Entry[], next };
    const within = this.entries.at(-1);
    if (within) list.entries = within.children;
    else this.section.blocks.push({ type: 'list', entries: list.entries });
    this.lists.push(list);
  }

  private text(token: Token, line: number): void {
    if (this.table && this.row) {
      const [cell] = linesOf(token, this.row.line);
      const read = cell ?? readLine([], this.row.line);
      if (this.row.line === this.table.line) this.table.header.push(read.text);
      else this.row.cells.push(read);
      return;
    }
    const lines = linesOf(token, line);
    if (this.entries.length === 0) return void (lines.length > 0 && this.section.blocks.push({ type: 'text', lines }));
    const entry = this.entries.at(-1);
    if (entry) return void (entry.more = entry.more.concat(lines));
    const [first, ...more] = lines;
    if (first) this.openEntry(first, more);
  }

  private openEntry(first: Line, more: Line[]): void {
    const list = this.lists.at(-1);
    const ordered = list?.next;
    if (list?.next !== undefined) list.next++;
    const entry: Entry = { ...first, ordered, children: [], more };
    this.entries[this.entries.length - 1] = entry;
    list?.entries.push(entry);
  }

  private opaque(token: Token, from: number): void {
    if (token.type === 'html_block' && !token.content.includes('<!--')) return;
    const [, to] = token.map ?? [0, from];
    this.section.blocks.push({ type: 'opaque', what: token.type === 'html_block' ? 'comment' : 'code', from, to });
  }
}

/** A heading's own inline token and the headings themselves are taken together; it would else be read twice. */
export function readMarkdown(markdown: string): MarkdownDocument {
  const lines = markdown.replace(/^\uFEFF/, '').split(/\r\n?|\n/);
  const { frontMatter, body, end } = splitFrontMatter(lines);
  const tokens = parser.parse(body.join('\n'), {});
  const builder = new TreeBuilder();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    builder.add(token, tokens[index + 1]);
    if (token.type === 'heading_open') index++;
  }
  if (end > 0) [1, end + 1].forEach((line) => builder.structure.add(line));
  return { root: builder.root, lines, frontMatter, structure: builder.structure };
}

/** All sections below, in document order. */
export function* sectionsOf(section: Section): Generator<Section> {
  const stack = [...section.children].reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next;
    for (let index = next.children.length - 1; index >= 0; index--) stack.push(next.children[index]!);
  }
}
