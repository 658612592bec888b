import type { RowState } from '../../../../domain/board-rows';

/** A fact as it was written, by whatever version: nothing in it is sure to be there. */
export type Body = { [key: string]: unknown };
export type Time = (at: number) => string;

/** One line of an item's life. */
export interface LifeLine {
  state: RowState;
  word: string;
  says?: string;
}

export interface Words {
  /** In lists to choose from. */
  name: string;
  /** One sentence without its full stop. */
  says: (body: Body, of: { item: string; time: Time }) => string;
  /** Among what has happened to the item that is looked at; absent of what is shown elsewhere, or of no interest. */
  life?: (body: Body) => LifeLine;
}

export function word(value: unknown, none = 'somebody'): string {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : none;
}

export function within(body: Body, key: string): Body {
  const value = body[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
}

export function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map((each) => word(each, '')).filter(Boolean) : [];
}

/** ": the reason", or nothing. */
export function why(...given: unknown[]): string {
  const reason = given.find((each) => typeof each === 'string' && each !== '') as string | undefined;
  return reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
}

export function when(value: unknown, time: Time): string {
  return typeof value === 'number' ? time(value) : 'a date';
}

export function people(value: unknown): string {
  return list(value).join(', ') || 'nobody';
}

/** "first: second", of those that are there. */
export function joined(...parts: unknown[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(': ');
}
