/** A report as a document: what is said in it, before it is HTML or Markdown. Every text is as people wrote it, unescaped. */

/** The shapes of states; the same names as in the pictures. */
export type Mark =
  'met' | 'failed' | 'unclear' | 'errored' | 'stale' | 'inhand' | 'open' | 'waiting' | 'waived' | 'dropped' | 'late';

/** A state: a shape, a word, and by the shape a colour. */
export interface State {
  mark: Mark;
  word: string;
}

export type Cell =
  | string
  | { state: State; why?: string }
  /** An id or a digest: to be compared letter by letter. */
  | { code: string }
  | { lines: Cell[] };

export interface Table {
  kind: 'table';
  /** What it is a table of. */
  caption: string;
  head: string[];
  rows: Cell[][];
  /** Rows that are left out. */
  more: number;
}

export type Block =
  | { kind: 'text'; text: string; isAlert?: boolean }
  | { kind: 'list'; items: Cell[] }
  | { kind: 'terms'; terms: Array<[term: string, is: Cell]> }
  | { kind: 'heading'; text: string }
  | Table
  | { kind: 'timeline' };

export interface Section {
  id: string;
  title: string;
  /** In few words at the other end of the title. */
  count?: string;
  blocks: Block[];
}

/** Rows of one table in a document; the object, and the ledger, have all. */
export const MOST_ROWS = 2_000;

export function table(caption: string, head: string[], rows: Cell[][]): Table {
  return { kind: 'table', caption, head, rows: rows.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) };
}

export const text = (said: string): Block => ({ kind: 'text', text: said });
export const alert = (said: string): Block => ({ kind: 'text', text: said, isAlert: true });
/** What is said of a list that nobody knows: never that there is none. */
export const unknown = (): Block => alert('Not known.');

/** Lines that say something; of one only that. */
export function lines(...all: Array<Cell | null | undefined | false>): Cell {
  const said = all.filter((each): each is Cell => each !== null && each !== undefined && each !== false && each !== '');
  return said.length === 1 ? said[0]! : { lines: said };
}
