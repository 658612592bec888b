import { check } from '../../plan/checks/registry';

const HTTP = { type: 'http', url: 'https://example.com' };
const TCP = { type: 'tcp', host: 'db.example.com', port: 5432 };
const CERTIFICATE = { tls: { daysLeft: { atLeast: 1 } } };

test.each<[string, unknown]>([
  ['a certificate', { ...HTTP, expect: { tls: { daysLeft: { atLeast: 14 } } } }],
  ['a certificate of an address of the worker', { type: 'http', url: { env: 'URL' }, expect: CERTIFICATE }],
  ['redirects', { ...HTTP, redirects: 10 }],
  ['no redirects', { ...HTTP, redirects: 0 }],
  ['a port', TCP],
  ['a port within a time', { ...TCP, within: '2s' }],
  ['a port of a host of the worker', { ...TCP, host: { env: 'DB_HOST' } }],
  ['a port of an IPv6 address', { ...TCP, host: '2606:4700::1111' }],
  ['the same in brackets', { ...TCP, host: '[2606:4700::1111]' }],
  ['a name in other letters', { ...TCP, host: 'bücher.example' }],
])('%s is accepted', (_, value) => expect(check.safeParse(value)).toMatchObject({ success: true }));

const HOST = 'a host name or an IP address';

test.each<[path: string, expected: string, value: unknown]>([
  ['url', 'an http or https address, or { env: NAME }', { type: 'http' }],
  ['url', 'an http or https address', { ...HTTP, url: 'example.com' }],
  ['url', 'an address without a password', { ...HTTP, url: 'http://public.example.com@127.0.0.1/' }],
  ['url', 'an https address, since', { ...HTTP, url: 'http://example.com', expect: CERTIFICATE }],
  ['url', 'an https address, since', { ...HTTP, url: ' HTTP://example.com', expect: CERTIFICATE }],
  ['redirects', 'at most 10', { ...HTTP, redirects: 11 }],
  ['redirects', 'zero or more', { ...HTTP, redirects: -1 }],
  ['redirects', 'a whole number', { ...HTTP, redirects: 1.5 }],
  ['redirects', 'a whole number', { ...HTTP, redirects: true }],
  ['expect.tls.daysLeft', 'expected object', { ...HTTP, expect: { tls: {} } }],
  ['expect.tls.daysLeft', 'expected object', { ...HTTP, expect: { tls: { daysLeft: 14 } } }],
  ['expect.tls.daysLeft.atLeast', 'one or more', { ...HTTP, expect: { tls: { daysLeft: { atLeast: 0 } } } }],
  ['expect.tls.daysLeft.atLeast', 'a whole number', { ...HTTP, expect: { tls: { daysLeft: { atLeast: '14d' } } } }],
  ['port', 'a whole number', { type: 'tcp', host: 'db.example.com' }],
  ['port', 'a whole number', { ...TCP, port: '5432' }],
  ['port', 'one or more', { ...TCP, port: 0 }],
  ['port', 'at most 65535', { ...TCP, port: 65_536 }],
  ['host', HOST, { type: 'tcp', port: 1 }],
  ['host', HOST, { ...TCP, host: '' }],
  ['host', HOST, { ...TCP, host: 'a b' }],
  ['host', HOST, { ...TCP, host: 'db.example.com:5432' }],
  ['host', HOST, { ...TCP, host: '[::1]:5432' }],
  ['host', HOST, { ...TCP, host: 'http://db.example.com' }],
  ['host', HOST, { ...TCP, host: 'me@db.example.com' }],
  ['host', HOST, { ...TCP, host: 'fe80::1%eth0' }],
  ['host', HOST, { ...TCP, host: '1.2.3.256' }],
  ['within', 'a duration like', { ...TCP, within: 'soon' }],
  ['within', 'a duration above zero', { ...TCP, within: '0s' }],
])('a wrong %s is one error, which says: %s', (...[path, expected, value]) => {
  const issues = check.safeParse(value).error?.issues ?? [];
  expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  expect(issues[0]?.message).toContain(expected);
});
