import type { Json } from '../../domain/plan';
import type { Channel, Message, Told } from './channel';
import { addressOf, postJson } from './http-post';
import { cut, line, lines, originOf, subjectOf } from './words';

/** What Slack takes: letters of a header and of a section. */
const HEADER_LETTERS = 150;
const SECTION_LETTERS = 3_000;
/** Of one among several. */
const SHORT_LETTERS = 500;
/** An escaped letter is up to five. */
const ESCAPED = 5;

/** Mentions (`<!channel>`, `<@U…>`) and links begin with `<`; Slack reads these three and nothing else as its own. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cut before it is escaped, so that no escape is cut in two. */
function escapedWithin(text: string, most: number): string {
  const whole = escaped(text);
  return whole.length <= most ? whole : escaped(cut(text, Math.floor(most / ESCAPED)));
}

/** Shown letter by letter: no bold, no mention, no link. */
function plain(text: string, most = SECTION_LETTERS): Json {
  return { type: 'plain_text', text: escapedWithin(text, most), emoji: false };
}

function section(text: string, most?: number): Json[] {
  return text === '' ? [] : [{ type: 'section', text: plain(text, most) }];
}

function commandBlock({ notice: { command } }: Told): Json[] {
  if (!command) return [];
  const code = escapedWithin(line(command).replaceAll('`', "'"), SECTION_LETTERS - 10);
  return [{ type: 'section', text: { type: 'mrkdwn', text: `\`\`\`${code}\`\`\``, verbatim: true } }];
}

function originBlock(told: Told): Json {
  return { type: 'context', elements: [plain(originOf(told), 2_000)] };
}

function blocksOf({ told }: Message): Json[] {
  const [first, ...others] = told;
  const header = (text: string): Json => ({ type: 'header', text: plain(text, HEADER_LETTERS) });
  if (others.length === 0) {
    const { subject, text } = first.notice;
    return [header(line(subject)), ...section(lines(text)), ...commandBlock(first), originBlock(first)];
  }
  return [
    header(`${told.length} notices`),
    ...told.flatMap((each) => [
      ...section(
        `${line(each.notice.subject)}\n${cut(lines(each.notice.text), SHORT_LETTERS)}\n${originOf(each)}`.trim()
      ),
      ...commandBlock(each),
    ]),
  ];
}

/** What is posted to an incoming webhook: blocks, and a text for notifications and whoever shows no blocks. */
export function slackPayload(message: Message): Json {
  const [{ notice }] = message.told;
  const command = message.told.length === 1 && notice.command ? ` — ${line(notice.command)}` : '';
  const text = escapedWithin(`${subjectOf(message)}${command}`, SECTION_LETTERS);
  return { text, mrkdwn: false, unfurl_links: false, unfurl_media: false, blocks: blocksOf(message) };
}

/** An incoming webhook of Slack. It has no place for a key: the log and `launch outbox` tell what was sent twice. */
export const slack: Channel<'slack'> = {
  prepare({ url }, context) {
    addressOf(url, context);
  },
  async send(message, { url }, context) {
    await postJson(url, { body: JSON.stringify(slackPayload(message)) }, context);
  },
};
