import type { Message, Told } from './channel';

/** Control and bidirectional formatting characters can make a message show something else than was said. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const HIDDEN_BUT_LINES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** On one line. */
export function line(text: string): string {
  return text.replace(HIDDEN, ' ').trim();
}

/** On as many lines as it was written on. */
export function lines(text: string): string {
  return text.replace(HIDDEN_BUT_LINES, ' ').trim();
}

/** Cut to so many letters, with … where something is missing. */
export function cut(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** What a message is about, in one line. */
export function subjectOf({ told }: Message): string {
  const [first, ...others] = told;
  return others.length === 0
    ? line(first.notice.subject)
    : `${told.length} notices, first: ${line(first.notice.subject)}`;
}

/** Where a notice comes from and whom it is for: "storefront-2 · BLOCKER-STAGING · for ana, carl". */
export function originOf({ launch, notice, people }: Told): string {
  const about = notice.about === launch ? [] : [notice.about];
  return line([launch, ...about, `for ${people.join(', ')}`].join(' · '));
}
