import { cleanLines } from './text';

/** HTML that was made here. Only this is put into HTML as it is; whatever else is put there is text. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = Markup | readonly Markup[] | string | number;

const NAMED: { readonly [letter: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Half of a surrogate pair cannot be written as UTF-8. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Text as text, in an element or in a quoted attribute. */
export function escaped(text: string): string {
  return wellFormed(cleanLines(text)).replace(/[&<>"'`]/g, (letter) => NAMED[letter]!);
}

function sourceOf(part: Part): string {
  if (part instanceof Markup) return part.source;
  if (typeof part === 'object') return part.map(({ source }) => source).join('');
  return escaped(String(part));
}

/** A template whose every part is escaped, save what is Markup. Not called `html`: Prettier would lay such a one out anew. */
export function markup(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(texts.map((text, index) => (index === 0 ? '' : sourceOf(parts[index - 1]!)) + text).join(''));
}
