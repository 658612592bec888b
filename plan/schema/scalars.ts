/**
 * The small values that a plan document is made of. They stay the strings that people wrote; `plan/time.ts` and
 * `plan/compile/` turn them into numbers. Every error text says what was expected, never what went wrong.
 */
import { IANAZone } from 'luxon';
import { RE2JS } from 're2js';
import { z } from 'zod';
import { DURATION, isMoment, parseDuration } from '../time';

export const MAX_TITLE_LETTERS = 200;
export const MAX_TEXT_LETTERS = 5_000;
const MAX_PATTERN_LETTERS = 1_000;
/** Instructions of RE2: `a{1000}` has about a thousand. More than this takes noticeable time to compile alone. */
const MAX_PATTERN_SIZE = 5_000;

/** Control and bidirectional formatting characters can make a board show something else than what was written. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const HIDDEN_IN_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const letters = (text: string): number => [...text].length;

export const id = z
  .string()
  .regex(ID, { error: 'letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 63 of them' })
  .meta({ id: 'name' });

/** A person, role, group or channel, by id; which of them is meant depends on the key. */
export const name = id;
export const names = z.union([name, z.array(name)], { error: 'a name or a list of names' }).meta({ id: 'names' });

export const title = z
  .string()
  .min(1, { error: 'at least one letter' })
  .refine((text) => letters(text) <= MAX_TITLE_LETTERS, { error: `at most ${MAX_TITLE_LETTERS} letters` })
  .refine((text) => !HIDDEN.test(text), { error: 'one line without control characters' })
  .refine((text) => text === '' || text.trim() !== '', { error: 'more than white space' });

export const text = z
  .string()
  .refine((value) => letters(value) <= MAX_TEXT_LETTERS, { error: `at most ${MAX_TEXT_LETTERS} letters` })
  .refine((value) => !HIDDEN_IN_TEXT.test(value), { error: 'text without control characters' });

export const duration = z
  .string()
  .regex(DURATION, { error: 'a duration like 30s, 5m, 4h, 1h30m, 2d or 1w' })
  .meta({ id: 'duration' });

/** A time that something may take. */
export const timeLimit = duration.refine((text) => !DURATION.test(text) || parseDuration(text) > 0, {
  error: 'a duration above zero',
});

/** A duration that is not shorter than `least`. */
const durationFrom = (least: string) =>
  duration.refine((text) => !DURATION.test(text) || parseDuration(text) >= parseDuration(least), {
    error: `at least ${least}`,
  });

/** Shorter ones would fill histories, or give up what has hardly begun: see LEAST_WATCH, which is the same. */
export const interval = durationFrom('1s').meta({ id: 'durationFrom1s' });
export const patience = durationFrom('100ms').meta({ id: 'durationFrom100ms' });

export const moment = z
  .string()
  .refine(isMoment, {
    error:
      'an instant: a date like 2027-03-01 or "2027-03-01 14:00", "T-48h" or "T-2d" before the launch, "+8h" or "+7d 10:00" after the start',
  })
  .meta({ id: 'instant' });

export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day like "09:00"' });

export const weekdays = z
  .string()
  .regex(
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?(, *(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?)*$/,
    {
      error: 'weekdays like "Mon-Fri" or "Mon, Wed"',
    }
  );

export const timezone = z.string().refine((zone) => IANAZone.isValidZone(zone), {
  error: 'a time zone of the IANA database, like Europe/Berlin, America/New_York or UTC',
});

export const count = z.int({ error: 'a whole number' }).min(0, { error: 'zero or more' });
export const positive = z.int({ error: 'a whole number' }).min(1, { error: 'one or more' });

const percent = z.string().regex(/^(100(\.0+)?|\d{1,2}(\.\d+)?) ?%$/, { error: 'a share like "95%"' });
export const threshold = z
  .union([count, percent], { error: 'a count like 3, or a share like "95%"' })
  .meta({ id: 'threshold' });

export const quorum = z
  .union([z.enum(['any', 'all']), positive, z.record(name, positive)], {
    error: '"any", "all", a number of people, or a number for each role like { qa: 2 }',
  })
  .meta({ id: 'quorum' });

/** The name of an environment variable that the worker reads when it needs the value. */
export const fromEnvironment = z.strictObject({
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
    .describe('Name of an environment variable of the worker; its value enters neither plan nor history.'),
});

export const secret = z
  .union([z.string().min(1, { error: 'at least one letter' }), fromEnvironment], {
    error: 'a text, or { env: NAME }',
  })
  .meta({ id: 'secret' });
export type Secret = z.infer<typeof secret>;

/** What was expected of it; undefined: nothing else. */
function patternProblem(pattern: string): string | undefined {
  try {
    const fits = RE2JS.compile(pattern).programSize() <= MAX_PATTERN_SIZE;
    return fits ? undefined : 'a regular expression with fewer or smaller repetitions';
  } catch {
    return 'a regular expression in RE2 syntax (no look-around, no back-references)';
  }
}

/** One that is found between any two letters is found in every text: it would hold where nothing was seen. */
function searchProblem(pattern: string): string | undefined {
  return patternProblem(pattern) ?? (isEverywhere(pattern) ? 'a pattern that is not found in every text' : undefined);
}

function isEverywhere(pattern: string): boolean {
  try {
    return RE2JS.matches(`\\x{10FFFF}(?:${pattern})\\x{10FFFF}`, '\u{10FFFF}\u{10FFFF}');
  } catch {
    return false; // one with a `\Q` that is open to its end stands for letters
  }
}

function patternWithout(problemOf: (pattern: string) => string | undefined) {
  return z
    .string()
    .max(MAX_PATTERN_LETTERS, { error: `at most ${MAX_PATTERN_LETTERS} letters`, abort: true })
    .superRefine((text, { addIssue }) => {
      const message = problemOf(text);
      if (message !== undefined) addIssue({ code: 'custom', message });
    });
}

/** For a whole text. RE2 has no backtracking: the time that a pattern takes grows with the text, never faster. */
export const pattern = patternWithout(patternProblem);
/** Looked for in a text. */
export const searched = patternWithout(searchProblem).meta({ id: 'pattern' });

export const sourceLine = positive.describe('Line of the document that this was imported from.');

export const webAddress = z
  .string()
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), { error: 'an http or https address' })
  .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''), {
    error: 'an address without a password; give it as a header from { env: NAME }',
  });

export const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'a header name' });
