import { z } from 'zod';
import { count, duration, searched } from '../schema/scalars';
import { DURATION, parseDuration } from '../time';
import { pathPatternProblem } from './path-pattern';

/** Files are looked for below the worker's folder only; the run refuses links that lead out of it as well. */
const insideFolder = (path: string): boolean =>
  path !== '' && !/^([/\\~]|[A-Za-z]:)/.test(path) && !path.includes('\0') && !path.split(/[/\\]/).includes('..');
export const relative = z
  .string()
  .max(500, { error: 'at most 500 letters' })
  .refine(insideFolder, { error: 'a path below the worker\'s folder, without ".." and not absolute' });

const range = (what: string) =>
  z
    .strictObject({
      equals: count.optional().describe(`Exactly this ${what}.`),
      atLeast: count.optional().describe(`At least this ${what}.`),
      atMost: count.optional().describe(`At most this ${what}.`),
    })
    .refine((value) => Object.values(value).some((bound) => bound !== undefined), {
      error: 'at least one of equals, atLeast, atMost',
    })
    .refine(({ equals, atLeast = equals ?? 0, atMost = equals ?? Infinity }) => atLeast <= atMost, {
      error: 'bounds that a number can hold',
    });
const patterns = z.union([searched, z.array(searched).min(1, { error: 'at least one pattern' })], {
  error: 'a regular expression in RE2 syntax, or a list of them',
});

const problemOfOne = (text: string): string | undefined => pathPatternProblem([text]);

const glob = relative.superRefine((text, { addIssue }) => {
  const message = problemOfOne(text);
  if (message !== undefined) addIssue({ code: 'custom', message });
});
const globs = z
  .array(glob)
  .min(1, { error: 'at least one pattern' })
  .superRefine((texts, { addIssue }) => {
    const message = texts.some(problemOfOne) ? undefined : pathPatternProblem(texts);
    if (message !== undefined) addIssue({ code: 'custom', message });
  });

const isInOrder = ({ atLeast, atMost }: { atLeast?: string; atMost?: string }): boolean =>
  ![atLeast, atMost].every((text) => text !== undefined && DURATION.test(text)) ||
  parseDuration(atLeast!) <= parseDuration(atMost!);

export const filesCheck = z
  .strictObject({
    type: z.literal('files').describe("Files below the worker's folder, and what they must look like."),
    glob: z
      .union([glob, globs], {
        error: 'a path pattern like docs/**/*.md, or a list of them',
      })
      .describe('Which files: a path pattern (`*`, `**`, `?`, `{a,b}`, `[a-z]`), or a list of which each finds one.'),
    root: relative.optional().meta({ description: "Folder below the worker's folder to look in.", default: '.' }),
    count: range('number of files')
      .optional()
      .meta({ description: 'How many files there must be.', absent: '{ atLeast: 1 }' }),
    parses: z
      .enum(['json', 'jsonl', 'yaml'])
      .optional()
      .describe('Every file must parse as this (`jsonl`: JSON on each line that is not empty); UTF-8.'),
    size: range('number of bytes').optional().describe('Size of every file in bytes.'),
    age: z
      .strictObject({
        atLeast: duration.optional().describe('Every file was last changed at least this long ago.'),
        atMost: duration.optional().describe('Every file was last changed at most this long ago.'),
      })
      .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
        error: 'at least one of atLeast, atMost',
      })
      .refine(isInOrder, { error: 'an atMost that is not below atLeast' })
      .optional()
      .describe('How long ago every file was last changed, as durations.'),
    mustContain: patterns.optional().describe('RE2 patterns that must each be found in every file.'),
    mustNotContain: patterns.optional().describe('RE2 patterns that must not be found in any file.'),
  })
  .describe('Looks at files.');

export type FilesCheck = z.infer<typeof filesCheck>;
