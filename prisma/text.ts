import type { Json } from '../domain/plan';

/** Backslashes, then a character that cannot be stored. */
const UNSTORABLE = /(\\*)([\0\p{Surrogate}])/gu;
/** At least one backslash, then the spelling of one. */
const SPELLED = /(\\+)(u0000|ud[89a-f][0-9a-f]{2})/g;

/**
 * Postgres stores neither U+0000 nor half of a surrogate pair, in text or JSON. They are written as six visible
 * characters (U+0000 as `\u0000`), and the backslashes before them, or before text that already spells such an escape,
 * are doubled: `unescapeText(escapeText(text)) === text` for every text, and other text is stored as it is.
 */
export function escapeText(text: string): string {
  return text.replace(SPELLED, '$1$1$2').replace(UNSTORABLE, (_, slashes: string, bad: string) => {
    return `${slashes}${slashes}\\u${bad.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export function unescapeText(text: string): string {
  return text.replace(SPELLED, (_, slashes: string, spelled: string) => {
    const kept = '\\'.repeat(Math.floor(slashes.length / 2));
    return kept + (slashes.length % 2 === 1 ? String.fromCharCode(parseInt(spelled.slice(1), 16)) : spelled);
  });
}

/** `change` applied to every text of `value`, keys included. */
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [change(key), mapTexts(entry, change)]));
}
