/** Channels that reach nobody, and people whom no channel reaches. */
import { each } from './each';
import { asList } from './names';
import { error, warning, type Finding, type Path } from './problem';
import type { PlanDocument } from './schema';

interface Named {
  path: Path;
  name: string;
}

/** Where a notice is addressed to a channel itself. */
function addressed({ launch, standup, onVerdict }: PlanDocument): Named[] {
  const named = (value: string | readonly string[] | undefined, path: Path): Named[] =>
    asList(value).map((name, index) => ({ name, path: typeof value === 'string' ? path : [...path, index] }));
  return [
    ...named(launch.announce?.to, ['launch', 'announce', 'to']),
    ...named(standup?.to, ['standup', 'to']),
    ...(['go', 'delay', 'noGo'] as const).flatMap((verdict) =>
      each(onVerdict?.[verdict], ['onVerdict', verdict], ({ notify }, path) => named(notify, [...path, 'notify']))
    ),
  ];
}

function isWithoutAddress({ channels }: PlanDocument, name: string): boolean {
  const channel = channels && Object.hasOwn(channels, name) ? channels[name] : undefined;
  return channel?.type === 'email' && asList(channel.to).length === 0;
}

function noAddress({ path, name }: Named, message: string): Finding {
  return error('NO_ADDRESS', path, { found: `'${name}'`, expected: 'a channel with an address', message });
}

/** Errors: mail that would go to no address. */
export function checkChannels(document: PlanDocument): Finding[] {
  const itself = addressed(document)
    .filter(({ name }) => isWithoutAddress(document, name))
    .map((use) => noAddress(use, `the channel ${use.name} has no address of its own: give it \`to\``));
  const people = each(document.people, ['people'], ({ id, email, channels }, path) =>
    (channels ?? []).flatMap((name, index) => {
      if (email !== undefined || !isWithoutAddress(document, name)) return [];
      const use = { name, path: [...path, 'channels', index] };
      return [noAddress(use, `${name} has no address to write to ${id}: give ${id} an \`email\`, or ${name} \`to\``)];
    })
  );
  return [...itself, ...people];
}

/** Channels by which somebody is told, or that somebody is told by when others are given up. */
function usedChannels(document: PlanDocument): Set<string> {
  const { people, notify } = document;
  const named = [...addressed(document).map(({ name }) => name), ...people.flatMap(({ channels }) => channels ?? [])];
  const mail = people.some(({ email, channels }) => email !== undefined && !channels?.length);
  const ofMail = Object.entries(document.channels ?? {}).find(([, { type }]) => type === 'email');
  return new Set([...named, ...(notify?.fallback ? [notify.fallback] : []), ...(mail && ofMail ? [ofMail[0]] : [])]);
}

function unused(document: PlanDocument): Finding[] {
  const used = usedChannels(document);
  return Object.keys(document.channels ?? {})
    .filter((id) => !used.has(id))
    .map((id) => {
      const message = `nobody is told by the channel ${id}: name it in \`people[].channels\`, \`notify.fallback\` or where something is announced`;
      return warning('UNUSED_CHANNEL', ['channels', id], {
        at: 'key',
        found: id,
        expected: 'a channel in use',
        message,
      });
    });
}

/** Where some people are told by a channel, one who is only told by the log was most often forgotten. */
function forgotten({ people, channels = {}, notify }: PlanDocument): Finding[] {
  const isReal = (id: string): boolean => channels[id] !== undefined && channels[id].type !== 'log';
  const mail = Object.values(channels).some(({ type }) => type === 'email');
  const isReached = ({ channels: own = [], email }: PlanDocument['people'][number]): boolean =>
    own.length > 0 ? own.some(isReal) : mail && email !== undefined;
  const left = people.filter((person) => !isReached(person) && !person.channels?.length);
  if ((notify?.fallback && isReal(notify.fallback)) || left.length === 0 || !people.some(isReached)) return [];
  const names = left.map(({ id }) => id).join(', ');
  const message = `only the worker's log tells ${names}: give them channels, or all a \`notify.fallback\``;
  const [first] = left;
  const path = ['people', people.indexOf(first!)];
  return [warning('NO_CHANNEL', path, { found: names, expected: 'a channel for each', message })];
}

/** Warnings. */
export function lintChannels(document: PlanDocument): Finding[] {
  return [...unused(document), ...forgotten(document)];
}
