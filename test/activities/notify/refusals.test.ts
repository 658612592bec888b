import { channelRefusals } from '../../../activities/notify/registry';
import { publicAccess } from '../../../activities/checks/access';
import type { Plan } from '../../../domain/plan';

const env = {
  GOOD: 'https://hooks.slack.com/services/T0/B0/secret',
  NO_URL: 'hooks.slack.com/services/T0',
  LOCAL: 'http://127.0.0.1:9/secret',
  KEY: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  BLANK: '  ',
  SMTP_URL: 'smtp://user:secret@mail.example.com',
} as { [name: string]: string };
const mail = (url: string) => ({ url: { env: url }, from: 'launch@example.com' });
const hook = 'https://example.com/hook';

test.each<[string, Plan['channels'][string], string | undefined, object]>([
  ['slack with its variable', { type: 'slack', url: { env: 'GOOD' } }, undefined, {}],
  ['a variable that is not set', { type: 'slack', url: { env: 'GODO' } }, 'GODO is not set', { env: ['*'] }],
  ['a variable that holds nothing', { type: 'slack', url: { env: 'BLANK' } }, 'BLANK is not set', {}],
  ['a variable that it may not read', { type: 'slack', url: { env: 'GOOD' } }, 'may not read', { env: [] }],
  ['a variable that is no address', { type: 'slack', url: { env: 'NO_URL' } }, 'not an http or https address', {}],
  ['an address of this machine', { type: 'slack', url: { env: 'LOCAL' } }, 'loopback or private', {}],
  ['a host that is not allowed', { type: 'slack', url: hook }, 'does not ask the host', { hosts: ['other.org'] }],
  ['a webhook with its key', { type: 'webhook', url: hook, secret: { env: 'KEY' } }, undefined, {}],
  ['a key that is not set', { type: 'webhook', url: hook, secret: { env: 'KYE' } }, 'KYE is not set', { env: ['*'] }],
  ['a key that is none', { type: 'webhook', url: hook, secret: { env: 'GOOD' } }, 'not a key of Standard', {}],
  ['mail without a server', { type: 'email' }, 'has no mail server', {}],
  ['mail by a server', { type: 'email' }, undefined, { mail: mail('SMTP_URL') }],
  ['mail by a server that is not set', { type: 'email' }, 'SMTP_TYPO is not set', { mail: mail('SMTP_TYPO') }],
  ['mail by a server that is none', { type: 'email' }, 'not smtp://', { mail: mail('GOOD') }],
  ['the log', { type: 'log' }, undefined, {}],
  ['what is no channel', { type: 'pager' }, 'no channel that this worker knows', {}],
  ['slack without an address', { type: 'slack' }, 'no channel that this worker knows', {}],
])('%s', (...[, channel, expected, more]) => {
  const access = { ...publicAccess(__dirname), env: Object.keys(env), ...more };
  const reasons = channelRefusals(['chat', { chat: channel }], { access, env: (name) => env[name] });
  expect(reasons).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  expect(reasons.join()).not.toMatch(/secret@|B0\/secret|127\.0\.0\.1/);
});
