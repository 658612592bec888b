/**
 * Who is told by which channel: names of a notice become people, and people the ways that the plan gives them. Pure, so
 * that a workflow hands plain data to whoever sends. A secret stays the name of a variable. It never throws, whatever a
 * plan says of channels: nobody has looked at them when a workflow gets it.
 */
import { digestOf } from './digest';
import type { Notice, Outgoing } from './notice';
import { findPerson, holdsRole } from './people';
import type { Json, Person, Plan } from './plan';
import { isRecord } from './shape';
import { HOUR } from './units';

/** A text, or the variable of the worker's environment that holds it. */
export type SecretRef = string | { env: string };

/** At most so many messages to one address in so many ms, over all launches. */
export interface Limit {
  most: number;
  per: number;
}

/** One way to reach somebody: a channel, with the addresses that it takes for them. */
export type Way = {
  /** The channel's id in the plan; `log` where the plan has none. */
  channel: string;
  limit?: Limit;
} & (
  | { type: 'log' }
  | { type: 'slack'; url: SecretRef }
  | { type: 'webhook'; url: SecretRef; secret?: SecretRef }
  | { type: 'email'; to: string[] }
);

/** A person, or a channel that a notice names itself. */
export interface Recipient {
  id: string;
  /** Names in the notice's `to` that mean them. */
  to: string[];
  /** What is tried, in this order, when the way is given up. */
  otherwise: Way[];
}

/** One message: the way it goes, and everybody whom it reaches by it. */
export interface Route {
  way: Way;
  recipients: Recipient[];
}

/** The part of a plan that routes are made of. */
export interface Directory {
  people: Person[];
  groups?: Plan['groups'];
  channels?: Plan['channels'];
  notify?: Plan['notify'];
  /** What an hour of `notify.perHour` lasts in ms: less in a launch that is sped up. */
  hour?: number;
}

/** Where the plan says nothing, people are told no more often than this. */
export const MOST_AN_HOUR = 20;
/** The channel of whoever has none, and whose name nobody knows. */
const LOG: Way = { channel: 'log', type: 'log' };
/** A sped-up hour is no shorter than what is waited for anyway. */
const SHORTEST_HOUR = 2_000;

/** The parts of a plan that its items are given too, since they tell people by themselves. */
export function directoryOf({ groups, channels, notify, speed }: Plan): Omit<Directory, 'people'> {
  const hour = speed ? Math.max(SHORTEST_HOUR, Math.round(HOUR / speed.factor)) : undefined;
  return { groups, channels, notify, hour };
}

/** All of it, for a launch. */
export function planDirectory(plan: Plan): Directory {
  return { ...directoryOf(plan), people: plan.people };
}

function secretRef(value: Json | undefined): SecretRef | undefined {
  if (typeof value === 'string') return value;
  return isRecord(value) && typeof value.env === 'string' ? { env: value.env } : undefined;
}

function limitOf({ notify, hour = HOUR }: Directory, isForPeople: boolean): { limit?: Limit } {
  const most = notify?.perHour ?? (isForPeople ? MOST_AN_HOUR : undefined);
  return most === undefined ? {} : { limit: { most, per: hour } };
}

function emailWay(directory: Directory, channel: string, person?: Person): Way | undefined {
  const { to: given } = directory.channels![channel]!;
  const listed = (Array.isArray(given) ? given : [given]).filter((each) => typeof each === 'string');
  const to = [...new Set([person?.email, ...listed].filter((each) => typeof each === 'string'))];
  return to.length > 0 ? { channel, type: 'email', to, ...limitOf(directory, true) } : undefined;
}

/** A channel as the way to this person, or to itself; undefined where it is none: not there, or without an address. */
function wayBy(directory: Directory, channel: string, person?: Person): Way | undefined {
  const { channels } = directory;
  const found = channels && Object.hasOwn(channels, channel) ? channels[channel] : undefined;
  if (!isRecord(found)) return undefined;
  const url = secretRef(found.url);
  const secret = secretRef(found.secret);
  switch (found.type) {
    case 'slack':
      return url ? { channel, type: 'slack', url, ...limitOf(directory, true) } : undefined;
    case 'webhook':
      return url
        ? { channel, type: 'webhook', url, ...(secret && { secret }), ...limitOf(directory, false) }
        : undefined;
    case 'email':
      return emailWay(directory, channel, person);
    case 'log':
      return { channel, type: 'log' };
    default:
      return undefined;
  }
}

/** A channel by itself, whomever it tells; undefined where it is none, or says no address where it must. */
export function channelWay(channels: Plan['channels'], channel: string): Way | undefined {
  const way = wayBy({ people: [], channels }, channel);
  const isMail = Object.hasOwn(channels, channel) && channels[channel]?.type === 'email';
  return way ?? (isMail ? { channel, type: 'email', to: [] } : undefined);
}

/** Without a channel of their own people with an address are written to, where the plan has a channel for that. */
function ownChannels({ channels }: Directory, person: Person): string[] {
  if (Array.isArray(person.channels) && person.channels.length > 0) return person.channels;
  if (!person.email) return [];
  return Object.keys(channels ?? {})
    .filter((id) => channels![id]?.type === 'email')
    .slice(0, 1);
}

/** In the order in which they are tried; never none. */
function waysOf(directory: Directory, channels: readonly string[], person?: Person): [Way, ...Way[]] {
  const { fallback } = directory.notify ?? {};
  const ids = [...new Set([...channels, ...(fallback === undefined ? [] : [fallback])])];
  const ways = ids.flatMap((id) => wayBy(directory, id, person) ?? []);
  const [first, ...others] = ways;
  return first ? [first, ...others] : [LOG];
}

/** Whoever answers for this person now: their delegate while they are away. */
function standIn({ people }: Directory, person: Person, at: number): Person {
  const { delegate } = person;
  if (!delegate || at >= delegate.until) return person;
  return people.find(({ id }) => id === delegate.to) ?? person;
}

function peopleOf({ people, groups }: Directory, name: string): Person[] {
  const person = people.find(({ id }) => id === name);
  if (person) return [person];
  const holders = people.filter((each) => holdsRole(each, name));
  if (holders.length > 0) return holders;
  const members = groups && Object.hasOwn(groups, name) && Array.isArray(groups[name]) ? groups[name] : [];
  return members.flatMap((member) => people.find(({ id }) => id === member) ?? []);
}

interface Reached {
  id: string;
  ways: [Way, ...Way[]];
}

function reached(directory: Directory, name: string, at: number): Reached[] {
  const people = peopleOf(directory, name);
  const isChannel = people.length === 0 && wayBy(directory, name) !== undefined;
  if (isChannel) return [{ id: name, ways: waysOf(directory, [name]) }];
  const meant = people.length > 0 ? people : [findPerson(directory.people, name)].filter((each) => each !== undefined);
  if (meant.length === 0) return [{ id: name, ways: waysOf(directory, []) }];
  return meant.map((each) => {
    const person = standIn(directory, each, at);
    return { id: person.id, ways: waysOf(directory, ownChannels(directory, person), person) };
  });
}

/** The same for every message that comes out at one place; part of a message's key. */
export function destinationOf(way: Way, recipient: string): string {
  switch (way.type) {
    case 'slack':
    case 'webhook':
      return way.channel;
    case 'email':
      return `${way.channel}:${[...way.to].sort().join(',')}`;
    case 'log':
      return way.channel === recipient ? recipient : `${way.channel}:${recipient}`;
  }
}

/** What a limit counts by: the same for one address in all launches. It tells no secret. */
export function addressOf(way: Way, recipient: string): string {
  switch (way.type) {
    case 'slack':
    case 'webhook': {
      const where = typeof way.url === 'string' ? digestOf(way.url).slice(0, 32) : `$${way.url.env}`;
      return `${way.type}:${where}`;
    }
    case 'email':
      return `email:${way.to
        .map((each) => each.toLowerCase())
        .sort()
        .join(',')}`;
    case 'log':
      return `log:${recipient}`;
  }
}

/** People who are told at one place are told by one message. */
export function grouped(told: ReadonlyArray<{ way: Way; recipient: Recipient }>): Route[] {
  const routes = new Map<string, Route>();
  for (const { way, recipient } of told) {
    const destination = destinationOf(way, recipient.id);
    const route = routes.get(destination) ?? { way, recipients: [] };
    const known = route.recipients.find(({ id }) => id === recipient.id);
    if (known) known.to = [...new Set([...known.to, ...recipient.to])];
    else route.recipients.push({ ...recipient });
    routes.set(destination, route);
  }
  return [...routes.values()];
}

/**
 * The messages by which a notice reaches everybody in `to` (people, roles, groups, channels). Nobody is lost: who has no
 * channel, and whom nobody knows, is told by the fallback channel, else by the log. Nobody is told twice at one place.
 * While somebody is away their delegate, who answers instead, is told instead.
 */
export function routesOf(directory: Directory, to: Notice['to'], at: number): Route[] {
  const told = to.flatMap((name) =>
    reached(directory, name, at).map(({ id, ways: [way, ...otherwise] }) => ({
      way,
      recipient: { id, to: [name], otherwise },
    }))
  );
  return grouped(told);
}

/** The message that a notice is on this route. */
export function outgoing(launch: string, notice: Notice, route: Route): Outgoing {
  const destination = destinationOf(route.way, route.recipients[0]?.id ?? '');
  return { key: `${launch}/${notice.key}/${destination}`, launch, notice, route };
}

/** How the people of a route are told when its way is given up; those who are left out have no other. */
export function onward({ recipients }: Route): Route[] {
  return grouped(
    recipients.flatMap(({ otherwise: [way, ...otherwise], ...recipient }) =>
      way ? [{ way, recipient: { ...recipient, otherwise } }] : []
    )
  );
}
