import fc from 'fast-check';
import type { Person } from '../../domain/plan';
import { addressOf, destinationOf, onward, outgoing, routesOf, type Directory, type Route } from '../../domain/routing';
import { HOUR } from '../../domain/units';

const NOW = 1_000_000;
const person = (id: string, more: Partial<Person> = {}): Person => ({ id, name: id, roles: [], ...more });

const directory: Directory = {
  people: [
    person('ana', { roles: ['manager'], channels: ['chat', 'mail'], email: 'ana@example.com' }),
    person('carl', { roles: ['manager'], channels: ['chat'] }),
    person('eve', { email: 'Eve@example.com' }),
    person('dev'),
    person('kim', { channels: ['chat'], delegate: { to: 'eve', until: NOW + 1 } }),
  ],
  groups: { everyone: ['ana', 'carl', 'eve', 'dev', 'kim'], platform: ['dev'] },
  channels: {
    chat: { type: 'slack', url: { env: 'SLACK' } },
    mail: { type: 'email' },
    hook: { type: 'webhook', url: 'https://example.com/hook', secret: { env: 'KEY' } },
    ops: { type: 'email', to: ['ops@example.com'] },
  },
};

/** Who is told by which channel: "chat: ana, carl". */
const shown = (routes: readonly Route[]): string[] =>
  routes.map(({ way, recipients }) => `${way.channel}: ${recipients.map(({ id }) => id).join(', ')}`);
const routed = (to: string[], more: Partial<Directory> = {}, at = NOW) =>
  shown(routesOf({ ...directory, ...more }, to, at));

test.each<[string, string[], string[]]>([
  ['a person by the first of their channels', ['ana'], ['chat: ana']],
  ['one with an address by the channel for mail', ['eve'], ['mail: eve']],
  ['one with neither by the log', ['dev'], ['log: dev']],
  ['a role by all who hold it, together where they share a channel', ['manager'], ['chat: ana, carl']],
  ['a group', ['platform'], ['log: dev']],
  ['a channel itself', ['hook'], ['hook: hook']],
  ['a channel for mail to its own addresses', ['ops'], ['ops: ops']],
  ['a channel for mail without an address by the log', ['mail'], ['log: mail']],
  ['a name that nobody knows by the log', ['nobody', 'constructor'], ['log: nobody', 'log: constructor']],
  ['a person whatever the case', ['ANA'], ['chat: ana']],
  ['the delegate of who is away, instead', ['kim'], ['mail: eve']],
  ['everyone', ['everyone'], ['chat: ana, carl', 'mail: eve', 'log: dev']],
  ['nobody twice', ['ana', 'manager', 'kim', 'eve', 'everyone'], ['chat: ana, carl', 'mail: eve', 'log: dev']],
])('%s', (_, to, expected) => {
  expect(routed(to)).toEqual(expected);
});

test('who is back is told themselves', () => {
  expect(routed(['kim'], {}, NOW + 1)).toEqual(['chat: kim']);
});

test('what is given up goes on by the next channel, then the fallback; who has none other is left out', () => {
  const [first] = routesOf({ ...directory, notify: { fallback: 'hook' } }, ['ana', 'carl'], NOW);
  const second = onward(first!);
  expect(shown(second)).toEqual(['mail: ana', 'hook: carl']);
  expect(shown(second.flatMap(onward))).toEqual(['hook: ana']);
  expect(second.flatMap(onward).flatMap(onward)).toEqual([]);
});

test('the fallback is for those too who have no channel', () => {
  expect(routed(['dev', 'nobody'], { notify: { fallback: 'hook' } })).toEqual(['hook: dev, nobody']);
});

test('mail goes to the person and the addresses of its channel', () => {
  const channels = { mail: { type: 'email', to: 'list@example.com' } };
  expect(routesOf({ ...directory, channels }, ['eve'], NOW)[0]!.way).toMatchObject({
    to: ['Eve@example.com', 'list@example.com'],
  });
});

test('people are told 20 times an hour at most unless the plan says otherwise, machines without a limit', () => {
  const limits = (more: Partial<Directory>) =>
    routesOf({ ...directory, ...more }, ['ana', 'eve', 'hook', 'dev'], NOW).map(({ way }) => way.limit);
  const usual = { most: 20, per: HOUR };
  expect(limits({})).toEqual([usual, usual, undefined, undefined]);
  const said = { most: 3, per: 5_000 };
  expect(limits({ notify: { perHour: 3 }, hour: 5_000 })).toEqual([said, said, said, undefined]);
});

test('limits count by the address, in whatever launch, and no address that is secret is told', () => {
  const addresses = routesOf(directory, ['ana', 'eve', 'hook'], NOW).map(({ way }) => addressOf(way, 'x'));
  expect(addresses).toEqual(['slack:$SLACK', 'email:eve@example.com', expect.stringMatching(/^webhook:[0-9a-f]{32}$/)]);
});

test('a plan that is none loses nobody', () => {
  const odd = {
    people: [person('ana', { channels: { length: 1 }, email: 7 } as never)],
    groups: { few: 7 },
    notify: 7,
  };
  expect(routed(['ana', 'few'], odd as never)).toEqual(['log: ana', 'log: few']);
  const channels = {
    chat: null,
    mail: { type: 7 },
    hook: { type: 'webhook' },
    ops: { type: 'email', to: [7] },
  } as never;
  expect(routed(['ana', 'hook', 'ops', 'mail'], { channels })).toEqual([
    'log: ana',
    'log: hook',
    'log: ops',
    'log: mail',
  ]);
});

const ids = ['ana', 'bob', 'cem', 'dot'];
const channelIds = ['chat', 'mail', 'hook', 'none'];
const people = fc.tuple(
  ...ids.map((id) =>
    fc.record(
      {
        id: fc.constant(id),
        name: fc.constant(id),
        roles: fc.subarray(['manager', 'dev']),
        email: fc.constantFrom('x@example.com', 'y@example.com'),
        channels: fc.subarray(channelIds),
        delegate: fc.record({ to: fc.constantFrom(...ids), until: fc.constantFrom(NOW, NOW + 1) }),
      },
      { requiredKeys: ['id', 'name', 'roles'] }
    )
  )
);
const directories = fc.record({
  people,
  groups: fc.constant({ everyone: ids, few: ['ana', 'bob'] }),
  channels: fc
    .subarray([
      ['chat', { type: 'slack', url: { env: 'A' } }],
      ['mail', { type: 'email' }],
      ['hook', { type: 'webhook', url: 'https://example.com' }],
    ] as const)
    .map((entries) => Object.fromEntries(entries) as unknown as Directory['channels']),
  notify: fc.constantFrom(undefined, { fallback: 'chat' }, { fallback: 'mail' }, { fallback: 'none' }),
});

test('nobody is lost and nobody is told the same twice at one place, whatever plan and names', () => {
  const names = fc.subarray([...ids, 'manager', 'dev', 'few', 'everyone', 'chat', 'mail', 'nobody', '__proto__']);
  fc.assert(
    fc.property(directories, names, (given, to) => {
      const routes = routesOf(given as unknown as Directory, to, NOW);
      const recipients = routes.flatMap((route) => route.recipients);
      for (const name of to) expect(recipients.some((each) => each.to.includes(name))).toBe(true);
      const keys = routes.map((route) => outgoing('l', { key: 'k' } as never, route).key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(recipients.map(({ id }) => id)).size).toBe(recipients.length);
      // Whatever is given up, everybody goes on until their last way, and none is tried twice for one person.
      for (const route of routes) {
        for (const { id, otherwise } of route.recipients) {
          const places = [route.way, ...otherwise].map((way) => destinationOf(way, id));
          expect(new Set(places).size).toBe(places.length);
          expect(onward(route).some((next) => next.recipients.some((each) => each.id === id))).toBe(
            otherwise.length > 0
          );
        }
      }
    })
  );
});
