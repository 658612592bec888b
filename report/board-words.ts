import type { Board } from '../domain/board';
import { durationText } from '../domain/text';
import { verdictSentence as sentenceOf, type Sentence } from '../domain/verdict-sentence';
import { clean, instantIn } from './text';

/** As everywhere, made fit for a terminal. */
export function verdictSentence(board: Board): Sentence {
  const { value, head, rest } = sentenceOf(board, (at) => instantIn(board.timezone, at));
  return { value, head, rest: clean(rest) };
}

/** "in 2 d 3 h", "14 min ago". */
export function fromNow(at: string | number, now: number): string {
  const distance = new Date(at).getTime() - now;
  return distance >= 0 ? `in ${durationText(distance)}` : `${durationText(-distance)} ago`;
}
