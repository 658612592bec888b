import { RE2JS } from 're2js';
import { bounded } from './bounded';

/** RE2 takes a time of pattern × text: below this it is over at once, and needs no watch. */
const SMALL = 100_000;

/**
 * Whether an RE2 pattern is found in a text.
 * @throws TookTooLong when a costly pattern meets a long text
 */
export function isFound(pattern: string, text: string): boolean {
  const regex = RE2JS.compile(pattern);
  const find = (): boolean => regex.matcher(text).find();
  return regex.programSize() * text.length <= SMALL ? find() : bounded(find);
}
