import net from 'node:net';
import fc from 'fast-check';
import {
  hostRefused,
  mayConnect,
  plainHost,
  publicAccess,
  reachOf,
  type Access,
} from '../../../activities/checks/access';
import { refusalsOf } from '../../../activities/checks/registry';

const PUBLIC = publicAccess('/');
const LOCAL: Access = { ...PUBLIC, allowLocal: true };
const allowing = (...hosts: string[]): Access => ({ ...PUBLIC, hosts });

/** What no worker asks without being told to: IANA's registries of special-purpose addresses, as node matches them. */
const SPECIAL = new net.BlockList();
const NETWORKS = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
`;
for (const network of NETWORKS.trim().split(/\s+/)) {
  const [address = '', bits] = network.split('/');
  SPECIAL.addSubnet(address, Number(bits), 'ipv4');
}

type Octets = [number, number, number, number];
const octet = fc.oneof(
  fc.constantFrom(0, 1, 10, 100, 127, 169, 172, 192, 198, 254, 255),
  fc.integer({ min: 0, max: 255 })
);
const anyIpv4 = fc.tuple(octet, octet, octet, octet);
const interesting = fc.constantFrom<Octets>(
  [127, 0, 0, 1],
  [169, 254, 169, 254],
  [10, 0, 0, 1],
  [192, 168, 1, 1],
  [100, 64, 0, 1],
  [0, 0, 0, 0],
  [8, 8, 8, 8]
);
const ipv4 = fc.oneof(anyIpv4, interesting);

const plainOf = (octets: Octets): string => octets.join('.');
const numberOf = (octets: Octets): number => octets.reduce((number, each) => number * 256 + each, 0);
const hex = (number: number): string => number.toString(16);
const groups = ([a, b, c, d]: Octets): [string, string] => [hex(a * 256 + b), hex(c * 256 + d)];

/** Every way we know to write an IPv4 address so that it does not look like itself, or to have it reached by IPv6. */
const DISGUISES: { [name: string]: (octets: Octets) => string } = {
  plain: plainOf,
  'trailing dot': (octets) => `${plainOf(octets)}.`,
  decimal: (octets) => String(numberOf(octets)),
  hexadecimal: (octets) => `0x${hex(numberOf(octets))}`,
  octal: (octets) => `0${numberOf(octets).toString(8)}`,
  'octal parts': (octets) => octets.map((each) => `0${each.toString(8)}`).join('.'),
  'hexadecimal parts': (octets) => octets.map((each) => `0x${hex(each)}`).join('.'),
  'two parts': ([a, b, c, d]) => `${a}.${b * 65_536 + c * 256 + d}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  mixed: ([a, b, c, d]) => `0x${hex(a)}.0${b.toString(8)}.${c * 256 + d}`,
  'full-width': (octets) => plainOf(octets).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  'full-width dots': (octets) => octets.join('。'),
  mapped: (octets) => `[::ffff:${plainOf(octets)}]`,
  'mapped in groups': (octets) => `[::ffff:${groups(octets).join(':')}]`,
  'mapped, in full': (octets) => `[0:0:0:0:0:ffff:${groups(octets).join(':')}]`,
  compatible: (octets) => `[::${plainOf(octets)}]`,
  translated: (octets) => `[64:ff9b::${plainOf(octets)}]`,
  'translated in groups': (octets) => `[64:ff9b::${groups(octets).join(':')}]`,
  'translated by the network': (octets) => `[64:ff9b:1::${plainOf(octets)}]`,
  'translated without state': (octets) => `[::ffff:0:${plainOf(octets)}]`,
  '6to4': (octets) => `[2002:${groups(octets).join(':')}::1]`,
  Teredo: (octets) => `[2001:0:4136:e378:8000:63bf:${groups(octets.map((each) => 255 - each) as Octets).join(':')}]`,
  ISATAP: (octets) => `[2600::5efe:${plainOf(octets)}]`,
  'ISATAP, unique': (octets) => `[2600::200:5efe:${groups(octets).join(':')}]`,
};

const POLICIES: { [name: string]: Access } = {
  'public addresses': PUBLIC,
  'local addresses too': LOCAL,
  'names only': allowing('*.example.com', 'localhost'),
  'a private network': allowing('10.0.0.0/8', '*.example.com'),
  'every IPv6 address': allowing('::/0'),
};

test.each(Object.entries(DISGUISES))(
  'an IPv4 address is never asked unless it may be asked plainly: %s',
  (name, disguise) => {
    fc.assert(
      fc.property(ipv4, fc.constantFrom(...Object.keys(POLICIES)), (octets, policy) => {
        // "::" and "::1" are addresses of IPv6 themselves.
        fc.pre(name !== 'compatible' || numberOf(octets) > 1);
        const access = POLICIES[policy]!;
        const plain = plainOf(octets);
        if (mayConnect(access, plain, plain)) return;
        const written = disguise(octets);
        const url = `http://${written}/`;
        expect(mayConnect(access, written, plainHost(written))).toBe(false);
        if (!URL.canParse(url)) return;
        const { hostname } = new URL(url);
        expect(mayConnect(access, hostname, plainHost(hostname))).toBe(false);
        expect(refusalsOf({ type: 'http', url }, access)).toHaveLength(1);
        expect(refusalsOf({ type: 'tcp', host: written, port: 80 }, access)).toHaveLength(1);
      }),
      { numRuns: 200 }
    );
  }
);

test('an IPv4 address that is public is not special by any registry', () => {
  fc.assert(
    fc.property(ipv4, (octets) => {
      if (mayConnect(PUBLIC, plainOf(octets), plainOf(octets))) expect(SPECIAL.check(plainOf(octets))).toBe(false);
    })
  );
});

test('disguises of an address that may be asked are seen through', () => {
  const seen = Object.entries(DISGUISES).filter(([, disguise]) => {
    const url = `http://${disguise([8, 8, 8, 8])}/`;
    return URL.canParse(url) && refusalsOf({ type: 'http', url }, allowing('8.8.8.8/32')).length === 0;
  });
  // Those that hide which address is meant are refused whatever it is.
  const hidden = ['compatible', 'translated by the network', 'Teredo', 'ISATAP', 'ISATAP, unique'];
  expect(seen.map(([name]) => name)).toEqual(Object.keys(DISGUISES).filter((name) => !hidden.includes(name)));
});

test.each<[string, 'public' | 'local' | 'special']>([
  ['8.8.8.8', 'public'],
  ['2606:4700::1111', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['127.0.0.1', 'local'],
  ['10.1.2.3', 'local'],
  ['100.64.0.1', 'local'],
  ['::1', 'local'],
  ['fd00::1', 'local'],
  ['fc00::1', 'local'],
  ['0.0.0.0', 'special'],
  ['169.254.169.254', 'special'],
  ['224.0.0.1', 'special'],
  ['255.255.255.255', 'special'],
  ['192.0.0.1', 'special'],
  ['::', 'special'],
  ['fe80::1', 'special'],
  ['fe80::1%eth0', 'special'],
  ['::1%lo', 'special'],
  ['2606:4700::1111%eth0', 'special'],
  ['fec0::1', 'special'],
  ['ff02::1', 'special'],
  ['100::1', 'special'],
  ['2001::1', 'special'],
  ['2001:db8::1', 'special'],
  ['64:ff9b:1::1', 'special'],
  ['::7f00:1', 'special'],
  ['4000::1', 'special'],
  ['not an address', 'special'],
  ['', 'special'],
])('%s is %s', (ip, reach) => expect(reachOf(ip)).toBe(reach));

describe('what is refused before anybody asks', () => {
  test.each([
    'http://localhost/',
    'http://LOCALHOST./',
    'http://foo.localhost/',
    'http://foo.localhost./',
    'http://public.example.com@127.0.0.1/',
    'http://public.example.com:80@127.0.0.1:80/',
    'http://127.0.0.1#@public.example.com/',
    'http://127.0.0.1\\@public.example.com/',
    'http://①②⑦.0.0.1/',
    'http://ⓛocalhost/',
    'http://127.1/',
    'http://0/',
    'http://[::]/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data/',
  ])('%s', (url) => {
    // A name before an @ is refused as a password, by the schema; both are one reason.
    expect(refusalsOf({ type: 'http', url }, PUBLIC)).toHaveLength(1);
  });
});

test('several refusals say once what to do, and that one start can allow this machine', () => {
  const check = { type: 'http', url: 'http://127.0.0.1/', headers: { a: { env: 'A' }, b: { env: 'B' } } };
  const told = refusalsOf(check, PUBLIC).join('; ');
  expect(told).toContain('`--allow-local-checks`');
  expect(told.match(/allow it in the section/g)).toHaveLength(1);
  expect(told).toMatch(/the variable A \(`env`\); .* the variable B \(`env`\); allow it in the section/);
});

describe('names among `hosts`', () => {
  test.each<[rule: string, host: string, fits: boolean]>([
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.EXAMPLE.com.', true],
    ['*.Example.COM', 'a.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '.example.com', false],
    ['*.example.com', 'evil-example.com', false],
    ['*.example.com', 'evilexample.com', false],
    ['*.example.com', 'a.example.com.evil.net', false],
    ['*.example.com', 'a-example.com', false],
    ['example.com', 'example.com', true],
    ['example.com', 'example.com.', true],
    ['example.com', 'a.example.com', false],
    ['example.com', 'xexample.com', false],
    ['example.com', 'example-com', false],
    ['*.8.8', '8.8.8.8', false],
    ['xn--bcher-kva.example', new URL('http://bücher.example').hostname, true],
    ['example.com', new URL('http://еxample.com').hostname, false],
  ])('%s and %s: %s', (rule, host, fits) => {
    expect(mayConnect(allowing(rule), host, '8.8.8.8')).toBe(fits);
    expect(hostRefused(allowing(rule), host) === undefined).toBe(fits);
  });

  test('do not make a private address public', () => {
    expect(mayConnect(allowing('db.example.com'), 'db.example.com', '10.0.0.5')).toBe(false);
    expect(mayConnect({ ...allowing('db.example.com'), allowLocal: true }, 'db.example.com', '10.0.0.5')).toBe(true);
    expect(mayConnect({ ...allowing('db.example.com'), allowLocal: true }, 'db.example.com', '169.254.169.254')).toBe(
      false
    );
  });
});

describe('CIDRs among `hosts`', () => {
  test.each<[rule: string, ip: string, fits: boolean]>([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '127.0.0.1', false],
    ['10.0.0.0/8', '8.8.8.8', false],
    ['169.254.169.254/32', '169.254.169.254', true],
    ['127.0.0.1/32', '127.0.0.2', false],
    ['127.0.0.1/32', '::1', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', '::1', false],
    ['fe80::/10', 'fe80::1%eth0', false],
    ['::/0', '::ffff:127.0.0.1', false],
    ['::/0', '2002:7f00:1::', false],
    ['0.0.0.0/0', '::1', false],
    ['no rule', '8.8.8.8', false],
  ])('%s and %s: %s', (rule, ip, fits) => {
    expect(mayConnect(allowing(rule), ip, ip)).toBe(fits);
  });

  test('a name may be asked as far as its addresses are in one', () => {
    expect(hostRefused(allowing('10.0.0.0/8'), 'db.internal')).toBeUndefined();
    expect(mayConnect(allowing('10.0.0.0/8'), 'db.internal', '10.0.0.5')).toBe(true);
    expect(mayConnect(allowing('10.0.0.0/8'), 'db.internal', '8.8.8.8')).toBe(false);
  });
});
