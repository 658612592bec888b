import { stripVTControlCharacters } from 'node:util';
import { clean, widthOf } from './text';

const CLEAR_BELOW = '\u001b[0J';

/** Where a live board is drawn: a terminal, or for a test anything that takes text. */
export interface ScreenStream {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

const DEFAULT_ROWS = 40;
const DEFAULT_COLUMNS = 100;

/** Lines that stay, and below them one frame that is drawn over. Without a terminal there are lines only. */
export class Screen {
  private frame: string[] = [];

  constructor(private readonly stream: ScreenStream) {}

  get isLive(): boolean {
    return this.stream.isTTY === true;
  }

  get width(): number {
    // The last column stays free: some terminals break the line after it.
    return (this.stream.columns || DEFAULT_COLUMNS) - 1;
  }

  /**
   * The last row stays free for the cursor, and the first: some terminals keep what is cleared in their history when it
   * is the whole screen, so that every frame would be found there again.
   */
  get rows(): number {
    return (this.stream.rows || DEFAULT_ROWS) - 2;
  }

  /** A line above the frame. */
  line(text: string): void {
    const { frame } = this;
    this.erase();
    this.stream.write(`${text}\n`);
    this.put(frame);
  }

  /** Draws the frame anew; cut where the terminal is too low for it. */
  draw(text: string): void {
    const shown = this.fitting(text.split('\n'));
    if (shown.join('\n') === this.frame.join('\n')) return;
    this.erase();
    this.put(shown);
  }

  /** Leaves the frame as it is: what comes next is written below it. */
  keep(): void {
    this.frame = [];
  }

  private fitting(lines: string[]): string[] {
    if (this.taken(lines) <= this.rows) return lines;
    let number = lines.length - 1;
    while (number > 0 && this.taken(lines.slice(0, number)) > this.rows - 1) number--;
    return [...lines.slice(0, number), `… ${lines.length - number} more lines: launch status`];
  }

  /** A line that is wider than the terminal takes several rows of it, as many as it has columns now. */
  private taken(lines: readonly string[]): number {
    const columns = this.stream.columns || DEFAULT_COLUMNS;
    const rowsOf = (line: string) => Math.max(1, Math.ceil(widthOf(stripVTControlCharacters(line)) / columns));
    return lines.reduce((rows, line) => rows + rowsOf(line), 0);
  }

  private put(lines: string[]): void {
    this.frame = lines;
    if (lines.length > 0) this.stream.write(`${lines.join('\n')}\n`);
  }

  private erase(): void {
    if (this.frame.length > 0) this.stream.write(`\u001b[${this.taken(this.frame)}A\r${CLEAR_BELOW}`);
    this.frame = [];
  }
}

/** "10:02:03 text", in the machine's own time: for lines in a log. */
export function stamped(text: string, now: number): string {
  return `${new Date(now).toTimeString().slice(0, 8)} ${clean(text)}`;
}
