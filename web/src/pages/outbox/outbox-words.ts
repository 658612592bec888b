import type { RowState } from '../../../../domain/board-rows';
import { count } from '../../../../domain/text';
import type { DeliveryAnswer } from '../../api/types';

interface Look {
  state: RowState;
  word: string;
  why?: string;
}

/** What has become of a message, as everything else is shown. */
export function lookOf({ state, held, attempts }: Pick<DeliveryAnswer, 'state' | 'held' | 'attempts'>): Look {
  switch (state) {
    case 'sent':
      return { state: 'met', word: 'Sent' };
    case 'failed':
      return { state: 'not-met', word: 'Given up' };
    case 'bundled':
      return { state: 'dropped', word: 'Bundled', why: 'told by another message' };
    default:
      if (held) return { state: 'waiting', word: 'Held', why: 'its address has had as many as it may' };
      return attempts > 0
        ? { state: 'errored', word: 'Tried again', why: 'it was not taken yet' }
        : { state: 'in-hand', word: 'Waiting' };
  }
}

export interface Shown {
  key: string;
  name: string;
  holds: (delivery: Pick<DeliveryAnswer, 'state' | 'held'>) => boolean;
  /** Where there is none. */
  none: string;
}

/** What can be chosen to be shown. */
export const SHOWN: readonly [Shown, ...Shown[]] = [
  {
    key: 'all',
    name: 'All',
    holds: () => true,
    none: 'Nobody was told anything yet. Messages come here when a clock runs out, a must falls, a date moves or a standup is held.',
  },
  {
    key: 'waiting',
    name: 'Not sent yet',
    holds: ({ state }) => state === 'queued',
    none: 'Nothing waits: all was sent or given up.',
  },
  { key: 'held', name: 'Held', holds: ({ state, held }) => state === 'queued' && held, none: 'Nothing is held back.' },
  { key: 'failed', name: 'Given up', holds: ({ state }) => state === 'failed', none: 'Nothing was given up.' },
];

/** How the messages stand, in one sentence. */
export function outboxSentence(deliveries: ReadonlyArray<Pick<DeliveryAnswer, 'state' | 'held'>>): string {
  if (deliveries.length === 0) return 'Nobody was told anything yet.';
  const of = (state: string) => deliveries.filter((each) => each.state === state).length;
  const [failed, waiting] = [of('failed'), of('queued')];
  const held = deliveries.filter(({ state, held: is }) => state === 'queued' && is).length;
  if (failed + waiting === 0) return 'All messages were sent.';
  const parts = [
    ...(failed > 0 ? [count(failed, 'message was given up', 'messages were given up')] : []),
    ...(waiting > 0
      ? [`${count(waiting, 'message is', 'messages are')} not sent yet${held > 0 ? `, ${held} of them held back` : ''}`]
      : []),
  ];
  return `${parts.join('; ')}.`;
}

/** How many there are, where they may be more than were asked for. */
export function inWords(deliveries: readonly unknown[], most: number): string {
  return deliveries.length >= most ? `the last ${most}` : `${deliveries.length}`;
}
