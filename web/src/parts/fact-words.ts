import type { FactAnswer } from '../api/types';
import { within, type Body, type LifeLine, type Time, type Words } from './facts/body';
import { ITEM_WORDS, SHARED_LIFE } from './facts/item-words';
import { LAUNCH_WORDS } from './facts/launch-words';

export type { LifeLine } from './facts/body';

/** What the ledger can hold: what happens to items and launches, and standups. */
type FactType = keyof typeof ITEM_WORDS | keyof typeof LAUNCH_WORDS;

const WORDS: { readonly [type in FactType]: Words } = { ...LAUNCH_WORDS, ...ITEM_WORDS };
const LIFE = new Map<string, (body: Body) => LifeLine>([
  ...Object.entries(SHARED_LIFE),
  ...Object.entries(ITEM_WORDS).flatMap(([type, { life }]) => (life ? [[type, life] as const] : [])),
]);

/** Types that the ledger can have, by their names. */
export const FACT_TYPES: ReadonlyArray<{ type: FactType; name: string }> = (
  Object.entries(WORDS) as Array<[FactType, Words]>
)
  .filter(([type]) => type !== 'reported' && type !== 'situated')
  .map(([type, { name }]) => ({ type, name }))
  .sort((a, b) => a.name.localeCompare(b.name));

const isoTime: Time = (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function bodyOf({ body }: Pick<FactAnswer, 'body'>): Body {
  return within({ body }, 'body');
}

/** A fact as one sentence. `time` shows instants; one of a type that is not known here is named by it. */
export function factText(fact: Pick<FactAnswer, 'type' | 'item' | 'body'>, time: Time = isoTime): string {
  const { type, item = '' } = fact;
  const body = bodyOf(fact);
  const words = Object.hasOwn(WORDS, type) ? WORDS[type as FactType] : undefined;
  const text = words ? words.says(body, { item, time }) : `${type}${item && ` of ${item}`}`;
  return `${text}${body['via'] === 'operator' ? ' (said by the operator)' : ''}.`;
}

/** Whose word it is, where it is anybody's. */
export function factBy(fact: Pick<FactAnswer, 'body'>): string | undefined {
  const body = bodyOf(fact);
  const by = body['by'] ?? within(body, 'report')['by'];
  return typeof by === 'string' && by !== '' ? by : undefined;
}

/** A fact of an item as a line of its life; undefined of what is shown elsewhere, or is of no interest by itself. */
export function lifeLine(fact: Pick<FactAnswer, 'type' | 'body'>): LifeLine | undefined {
  return LIFE.get(fact.type)?.(bodyOf(fact));
}
