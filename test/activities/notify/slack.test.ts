import { slackPayload } from '../../../activities/notify/slack';
import type { Message } from '../../../activities/notify/channel';
import { sendBy } from '../../../activities/notify/registry';
import { channelDeps, hook, noticeOf } from './peers';

interface Text {
  type: string;
  text: string;
}
interface Payload {
  text: string;
  blocks: Array<{ type: string; text?: Text; elements?: Text[] }>;
}

const told = (more: object = {}) => ({
  launch: 'storefront',
  notice: noticeOf('opened', more),
  people: ['ana', 'carl'],
});
const payload = (...all: [ReturnType<typeof told>, ...Array<ReturnType<typeof told>>]) =>
  slackPayload({ key: 'k', told: all }) as unknown as Payload;
const textsOf = ({ blocks }: Payload): string[] =>
  blocks.flatMap(({ text, elements = [] }) => [...(text ? [text] : []), ...elements].map((each) => each.text));

test('a message has the subject, the text, the command that answers it, and where it is from', () => {
  const { text, blocks } = payload(told());
  expect(text).toBe('Staging answers 502 (opened) — launch ack STAGING --as ana');
  expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context']);
  expect(textsOf({ text, blocks })).toEqual([
    'Staging answers 502 (opened)',
    'It is yours.',
    '```launch ack STAGING --as ana```',
    'storefront · STAGING · for ana, carl',
  ]);
});

test('nothing that somebody wrote mentions anybody, links, or is formatted', () => {
  const evil = '<!channel> <@U1> <https://evil.example|click> *bold* & \u202egpj\u0000';
  const sent = payload(
    told({ subject: evil, text: `${evil}\nsecond line`, command: `launch ack A --as '\`\`\`${evil}'` })
  );
  for (const text of [sent.text, ...textsOf(sent)]) expect(text).not.toMatch(/[<>\u0000\u202e]|&(?!amp;|lt;|gt;)/);
  expect(textsOf(sent)[1]).toContain('&lt;!channel&gt;');
  expect(textsOf(sent)[1]).toContain('\nsecond line');
  expect(textsOf(sent)[2]).toMatch(/^```[^`]*```$/);
  // Only the command, which is code, is read as mrkdwn; all else is plain text.
  expect(
    sent.blocks.flatMap(({ text, elements = [] }) => [text, ...elements]).filter((each) => each?.type === 'mrkdwn')
  ).toHaveLength(1);
});

test('what is too long for Slack is cut, and of many notices each is told', () => {
  const long = told({ subject: '<'.repeat(500), text: '&'.repeat(50_000), command: undefined });
  const many = payload(
    ...(Array.from({ length: 20 }, () => told({ text: '𝄞<'.repeat(4_000) })) as [ReturnType<typeof told>])
  );
  expect(many.blocks.length).toBeLessThanOrEqual(50);
  expect(many.blocks.filter(({ text }) => text?.text.includes('Staging'))).toHaveLength(20);
  for (const { blocks } of [payload(long), many]) {
    for (const { type, text } of blocks)
      expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
  }
});

test('it is posted to the webhook; an answer of Slack that refuses it is told without the address', async () => {
  const target = await hook();
  const deps = channelDeps({ SLACK: `${target.url}/services/T0AAAAAAA/B0AAAAAAA/secretsecret` });
  const message: Message = { key: 'k', told: [told()] };
  const send = () =>
    sendBy({ channel: 'chat', type: 'slack', url: { env: 'SLACK' } }, message, {
      ...deps,
      signal: AbortSignal.timeout(5_000),
    });
  await send();
  expect(JSON.parse(target.received[0]!.body)).toMatchObject({ blocks: expect.any(Array) as unknown[] });
  target.answers.push({ status: 404, body: 'no_service T0AAAAAAA' }, { status: 429, headers: { 'retry-after': '30' } });
  await expect(send()).rejects.toMatchObject({ message: '$SLACK answered 404 "no_service ***"', isFinal: true });
  await expect(send()).rejects.toMatchObject({ isFinal: false, pause: 30_000 });
  target.answers.push({ status: 429, headers: { 'retry-after': new Date(Date.now() + 20_000).toUTCString() } });
  const later = (await send().catch((error: unknown) => error)) as { pause: number };
  expect(later.pause).toBeGreaterThan(15_000);
  target.answers.push({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
  await expect(send()).rejects.toMatchObject({ isFinal: true });
  await target.close();
});
