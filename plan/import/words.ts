/** How two phrases are compared: by the words that carry meaning, each brought to a common form. */

const FILLER =
  'a an and any are as at be been being but by can could did do does done each every everything for from had has have here how if in into is it its may might must need needed needs no nor not now of off on only or other others our out over own per shall should so some soon than that the their them then there these they this those to too under until up us was we were what when where which while who will with would yet you your';
const STATES =
  'available accessible accurate actual actually approved awaiting blocked broken claim claimed claims clean clear complete completed completes completing completion completions confirm confirmed configured current done down exist exists failed failing final finalize finish finished fix fixed fixes fixing functional gone good green happen healthy immediate immediately in-place live met missing ok okay ongoing open operational outstanding pass passed passes passing pending populate populated possible post-launch pre-launch progress ready redo report reported reports required resolve resolved resolves running set signed start started starting stop success successful successfully sure unblock unblocked unresolved update updated urgent validate validated verification verifications verified verifies verify verifying wait waiting work working works';
const VERBS =
  'achieve add added agree allow answer ask begin carry choose close conduct continue coordinate create created decide decided deliver deploy deployed determine develop do enable ensure execute execution get give go handle have help implement improve keep launch launched launches launching let look make made make manage move perform plan prepare prepared proceed provide put receive resolve review reviewed run runs send show support take test-run tell try use used using write';
const GENERIC = 'action actions blocker blockers item items task tasks thing things agent agents day today tomorrow';

const STOP = new Set([FILLER, STATES, VERBS, GENERIC].flatMap((words) => words.split(' ')));

/** Light stemming: enough that `tests` meets `testing`, and `integration` meets `integrations`. */
function stem(word: string): string {
  if (word.length <= 4) return word.replace(/(?<=[a-z]{3})s$/, '');
  return word.replace(/(?:ations?|ings?|ions?|ments?|ed|es|s|e)$/, '');
}

const COMPOUNDS: Array<[RegExp, string]> = [
  [/\bend[- ]to[- ]end\b|\be2e\b/g, 'endtoend'],
  [/\bsign[- ]?(?:off|offs)\b/g, 'signoff'],
  [/\bon[- ]call\b/g, 'oncall'],
  [/\broll[- ]?back\b/g, 'rollback'],
];

/** Words of a phrase that carry meaning, in their common form, in order and without repetition. */
export function meaningfulWords(phrase: string): string[] {
  let text = phrase.toLowerCase();
  for (const [pattern, word] of COMPOUNDS) text = text.replace(pattern, word);
  const words = text.match(/[\p{L}\p{N}]+(?:[_'.][\p{L}\p{N}]+)*/gu) ?? [];
  return [...new Set(words.filter((word) => word.length > 1 && !STOP.has(word) && !/^\d+$/.test(word)).map(stem))];
}

/** Text with everything in brackets taken out. */
export function withoutBrackets(text: string): string {
  return text
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What stands in brackets, in order. */
export function brackets(text: string): string[] {
  return [...text.matchAll(/\(([^()]*)\)/g)].map((match) => match[1]!.trim()).filter((inner) => inner !== '');
}

/** The ids that people give to work: capitals and digits in at least two parts. */
const ID = /(?<![\w/.-])[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+(?![\w/-]|\.\w)/g;

export function idsIn(text: string): string[] {
  return [...new Set(text.match(ID) ?? [])].filter((id) => id.length <= 63);
}

const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const MAX_TITLE_LETTERS = 200;
const MAX_TEXT_LETTERS = 5_000;

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** As a title may be: one line, no hidden characters, at most 200 letters. Never empty. */
export function asTitle(text: string): string {
  return (
    shorten(
      text
        .slice(0, 4 * MAX_TITLE_LETTERS)
        .replace(HIDDEN, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
      MAX_TITLE_LETTERS
    ) || '-'
  );
}

/** As a longer text may be: at most 5,000 letters. */
export function asText(text: string): string {
  const lines = text.slice(0, 4 * MAX_TEXT_LETTERS).split('\n');
  return shorten(lines.map((line) => line.replace(HIDDEN, ' ')).join('\n'), MAX_TEXT_LETTERS);
}

const MAX_SLUG_LETTERS = 48;

/** `Security audit complete` as `security-audit-complete`; empty where nothing of it can stand in an id. */
export function slug(text: string): string {
  const ascii = text
    .slice(0, 400)
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '');
  const parts = ascii.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let made = '';
  for (const part of parts) {
    if (made.length + part.length + 1 > MAX_SLUG_LETTERS) break;
    made += made ? `-${part}` : part;
  }
  return made || (parts[0] ?? '').slice(0, MAX_SLUG_LETTERS);
}
