import type { Notice } from '../../domain/notice';
import type { Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { nextStandup, standupTimes } from '../../domain/standup-times';

/** A fact of the ledger, or of the rules alone. Instants are epoch ms. */
export interface Happened {
  /** The item, or the launch. */
  of: string;
  type: string;
  at: number;
  notice?: Notice;
  clock?: string;
  step?: number;
  to?: string;
  text?: string;
  option?: string;
  how?: string;
}

/** Instants in a key are those at which clocks of this run passed; the rest is the same in every run. */
function nameOf({ type, notice, to, option, how }: Happened): string | undefined {
  if (notice) return ['told', 'reminded', 'decided'].includes(type) ? notice.key.replace(/:\d+$/, '') : notice.key;
  if (type === 'moved') return `moved ${to}`;
  if (type === 'decided') return `decided ${option} ${how}`;
  return type === 'announced' || type === 'pollStarted' ? type : undefined;
}

/** Repeats count from when the one before was told, so how many there are depends on how late that was. */
const isChained = ({ type }: Happened): boolean => type === 'told';

interface Named extends Happened {
  name: string;
}

/** What happened, by what it was: the first of each, and of what repeats all of them, the oldest first. */
export function chains(happened: readonly Happened[]): Map<string, Named[]> {
  const found = new Map<string, Named[]>();
  for (const each of happened) {
    const name = nameOf(each);
    if (name === undefined) continue;
    const key = `${each.of} ${name}`;
    found.set(key, [...(found.get(key) ?? []), { ...each, name }]);
  }
  for (const chain of found.values()) chain.sort((a, b) => a.at - b.at);
  return found;
}

const openedAt = (happened: readonly Happened[], item: string): number | undefined =>
  happened.find(({ of, type, text }) => of === item && type === 'moved' && text === 'opened')?.at;

/** What the rules alone make of a plan that nobody answers. */
export interface Rules {
  plan: Plan;
  until: number;
  happened: Happened[];
  notices: Notice[];
}

export function rehearsed(plan: Plan, until: number): Rules {
  const rehearsal = new Rehearsal(plan, plan.start);
  rehearsal.advance(until);
  const { facts, notices } = rehearsal.world;
  return { plan, until, happened: facts.map(({ of, fact }) => ({ ...fact, of })), notices };
}

/** The clocks of an item begin when it opens; those of a date are where the date is. */
function nominalIn(actual: readonly Happened[], rules: Rules, each: Happened): number | undefined {
  if (each.clock !== 'respond' && each.clock !== 'resolve') return each.at;
  const [began, meant] = [openedAt(actual, each.of), openedAt(rules.happened, each.of)];
  return began === undefined || meant === undefined ? undefined : each.at + began - meant;
}

function repeatOf(plan: Plan, { of, step }: Happened): number | undefined {
  const chain = plan.items.find(({ id }) => id === of)?.escalation;
  return step === undefined ? undefined : chain?.[step]?.repeat;
}

const keyInstant = ({ notice }: Happened): number => Number(/:(\d+)$/.exec(notice?.key ?? '')?.[1]);

export interface Differences {
  /** Not there, though the rules have it by `until`. */
  missing: string[];
  /** There, and not by the rules. */
  extra: string[];
  early: string[];
}

/**
 * What a launch did, held against what the rules say: everything once and not before its time; of what
 * repeats each one at its distance from the one before, and none too few.
 */
export function differences(rules: Rules, actual: readonly Happened[]): Differences {
  const { plan, until } = rules;
  const found: Differences = { missing: [], extra: [], early: [] };
  const [wanted, there] = [chains(rules.happened), chains(actual)];
  for (const [key, [first]] of wanted) {
    const nominal = nominalIn(actual, rules, first!);
    const chain = there.get(key) ?? [];
    if (nominal !== undefined && nominal > until) continue;
    if (chain.length === 0 || nominal === undefined) found.missing.push(key);
    else if (chain[0]!.at < nominal) found.early.push(`${key}: ${nominal - chain[0]!.at} ms`);
    // What settles an item by the clock goes before all that is due when it is looked at.
    const over = rules.happened.find(({ of, to }) => of === first!.of && to === 'resolved')?.at ?? Infinity;
    compareRepeats(found, { key, chain, repeat: repeatOf(plan, first!), until: Math.min(until, over - 1) });
  }
  for (const [key, [first]] of there) if (!wanted.has(key) && first!.at <= until) found.extra.push(key);
  return found;
}

function compareRepeats(
  found: Differences,
  { key, chain, repeat, until }: { key: string; chain: Named[]; repeat?: number; until: number }
): void {
  const isOnce = repeat === undefined || !isChained(chain[0] ?? { of: '', type: '', at: 0 });
  for (const [n, each] of chain.entries()) {
    if (n === 0 || each.at > until) continue;
    if (each.type === 'announced') continue; // told again to those whom no channel had accepted it for
    if (isOnce) found.extra.push(`${key}: once more`);
    else if (keyInstant(each) !== chain[n - 1]!.at + repeat) found.extra.push(`${key}: not ${repeat} ms after`);
    else if (each.at < keyInstant(each)) found.early.push(`${key}, repeat ${n}`);
  }
  const last = chain.at(-1);
  if (last && !isOnce && last.at + repeat <= until) found.missing.push(`${key}: repeat ${chain.length}`);
}

/** Instants of all standups and reviews until then. */
export function standupsOf({ plan, until }: Rules): number[] {
  const times = standupTimes({ plan, launchAt: plan.launch.at });
  const found: number[] = [];
  for (let next = nextStandup(times, plan.start); next && next.at <= until; next = nextStandup(times, next.at)) {
    found.push(next.at);
  }
  return found;
}
