import { typedAs } from './program-name';
import type { Style } from './style';
import { clean, cut, pad, widthOf, wrap } from './text';

export interface RenderOptions {
  /** Epoch ms: what the countdown counts from. */
  now: number;
  /** Columns of the terminal. */
  width: number;
  style: Style;
  /** How this program is called here, in lines to type; else `launch`. */
  program?: string;
  /** Needs and items shown at most; the rest is counted. */
  most?: number;
}

const NARROWEST = 60;
const WIDEST = 140;
const MOST = 40;

export type Paint = (text: string) => string;
interface Sign {
  shape: string;
  paint: Paint;
}

/** A state is always a shape and a word; colour only repeats them. */
function signOf(state: string, style: Style): Sign {
  switch (state) {
    case 'met':
    case 'resolved':
    case 'done':
      return { shape: '✓', paint: style.green };
    case 'waived':
    case 'skipped':
      return { shape: '≈', paint: style.yellow };
    case 'unmet':
    case 'failed':
      return { shape: '✗', paint: style.red };
    case 'errored':
      return { shape: '!', paint: style.red };
    case 'inconclusive':
    case 'unknown':
      return { shape: '?', paint: style.yellow };
    case 'stale':
      return { shape: '↻', paint: style.yellow };
    case 'acknowledged':
    case 'under-way':
      return { shape: '◐', paint: style.cyan };
    case 'open':
      return { shape: '○', paint: (text) => text };
    default:
      return { shape: '·', paint: style.dim };
  }
}

interface Row {
  name?: string;
  title: string;
  note?: string;
  /** Whether the note is one to act on. */
  alarm?: boolean;
}

export class Page {
  readonly lines: string[] = [];
  readonly width: number;
  readonly style: Style;
  readonly most: number;

  constructor(readonly options: RenderOptions) {
    this.width = Math.min(WIDEST, Math.max(NARROWEST, options.width));
    this.style = options.style;
    this.most = options.most ?? MOST;
  }

  add(text = ''): void {
    this.lines.push(text);
  }

  title(text: string, note = ''): void {
    this.add();
    this.add(`${this.style.bold(text)}${note ? `  ${this.style.dim(note)}` : ''}`);
  }

  /** Broken into lines that all begin at `indent`. */
  text(text: string, indent: number, paint: Paint = (plain) => plain): void {
    for (const line of wrap(clean(text), this.width - indent)) this.add(`${' '.repeat(indent)}${paint(line)}`);
  }

  /** `  ✓ met      NAME  Title of the thing  why`: cut to one line, `name` being set in a column already. */
  row(state: string, { name = '', title, note = '', alarm = false }: Row): void {
    const { shape, paint } = signOf(state, this.style);
    const start = `  ${paint(shape)} ${paint(pad(state, STATE_COLUMNS))} ${name ? `${this.style.bold(name)} ` : ''}`;
    const left = this.width - (4 + STATE_COLUMNS + 1 + (name ? widthOf(name) + 1 : 0));
    const about = clean(note);
    // What the note does not need is the title's; only where both are long is each cut.
    const share = Math.max(16, Math.floor(left / 2), left - widthOf(about) - 2);
    const shown = cut(clean(title), about ? share : left);
    const room = left - widthOf(shown) - 2;
    const aside = about && room > 8 ? `  ${(alarm ? this.style.red : this.style.dim)(cut(about, room))}` : '';
    this.add(`${start}${shown}${aside}`.trimEnd());
  }

  /** A row with all of its note, on lines of its own below it. */
  fullRow(state: string, row: Row): void {
    this.row(state, { ...row, note: '' });
    if (row.note) this.text(row.note, 4 + STATE_COLUMNS + 1, this.style.dim);
  }

  /** A line to type: copied as it is, so never broken or cut. */
  typed(command: string): string {
    return typedAs(this.options.program ?? 'launch', clean(command));
  }

  more(left: number, what: string): void {
    const said = left === 1 ? what.replace(/s(?=:|$)/, '') : what;
    if (left > 0) this.add(this.style.dim(`  … and ${left} more ${said}`));
  }
}

/** The longest of the words of a state. */
const STATE_COLUMNS = 'acknowledged'.length;
