import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Setting } from '../checks/access';
import { settingOf } from '../checks/environment';
import { redactor } from '../checks/redact';
import { CannotRun, seenText } from '../checks/result';
import { NotAccepted, type Channel, type ChannelContext, type Message, type Told } from './channel';
import { cut, line, lines, originOf, subjectOf } from './words';

const SUBJECT_LETTERS = 200;
/** A server that takes longer for one step is not going to answer. */
const STEP_WITHIN = 10_000;

function escaped(text: string): string {
  const entities: { [letter: string]: string } = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (letter) => entities[letter]!);
}

function asText(told: Told): string {
  const { text, command, subject } = told.notice;
  return [line(subject), lines(text), command && `    ${line(command)}`, originOf(told)].filter(Boolean).join('\n\n');
}

function asHtml(told: Told): string {
  const { text, command, subject } = told.notice;
  const shown = lines(text);
  return [
    `<h2 style="font-size:16px">${escaped(line(subject))}</h2>`,
    shown && `<p style="white-space:pre-line">${escaped(shown)}</p>`,
    command && `<pre style="background:#f4f4f4;padding:8px">${escaped(line(command))}</pre>`,
    `<p style="color:#666;font-size:12px">${escaped(originOf(told))}</p>`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** The same on every attempt, so that a mailbox can tell a message that came twice. */
export function messageId(key: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@launch-director>`;
}

/** What a mail program is given; addresses as addresses, so that none of their letters is read as a header. */
export function mailOf(message: Message, { from, to }: { from: string; to: readonly string[] }) {
  return {
    from,
    to: to.map((address) => ({ name: '', address })),
    subject: cut(subjectOf(message), SUBJECT_LETTERS),
    messageId: messageId(message.key),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Launch-Key': message.key.replace(/[^\x21-\x7e]/g, '_') },
    text: message.told.map(asText).join('\n\n--------\n\n'),
    html: `<!doctype html>\n${message.told.map(asHtml).join('\n<hr>\n')}`,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Refused logins and connections are the operator's to mend: only what is said of the message itself is final. */
function isFinal({ responseCode, command }: { responseCode?: unknown; command?: unknown }): boolean {
  const isRefusal = typeof responseCode === 'number' && responseCode >= 500;
  return isRefusal && ['MAIL FROM', 'RCPT TO', 'DATA'].includes(String(command));
}

interface Server {
  url: string;
  from: string;
  redact: (text: string) => string;
}

function serverOf(context: Pick<ChannelContext, 'access' | 'env'>): Server {
  const { mail } = context.access;
  if (!mail) throw new NotAccepted("this worker has no mail server (`mail` in the worker's configuration)", false);
  const url = mailAddress(mail.url, context);
  const { username, password } = url;
  const words = [username, password].map(decodeURIComponent).filter((word) => word.length > 2);
  return { url: url.href, from: mail.from, redact: redactor(words) };
}

function mailAddress(setting: Setting, context: Pick<ChannelContext, 'env'>): URL {
  try {
    const given = settingOf(setting, context);
    if (URL.canParse(given) && /^smtps?:$/.test(new URL(given).protocol)) return new URL(given);
  } catch (error) {
    if (error instanceof CannotRun) throw new NotAccepted(error.message, false);
    throw error;
  }
  throw new NotAccepted("`mail.url` of the worker's configuration is not smtp:// or smtps://; correct it there", false);
}

/** Mail by the worker's mail server, as HTML and text. */
export const email: Channel<'email'> = {
  prepare(_way, context) {
    serverOf(context);
  },
  async send(message, { to }, context) {
    const { url, from, redact } = serverOf(context);
    const limits = { connectionTimeout: STEP_WITHIN, greetingTimeout: STEP_WITHIN, socketTimeout: STEP_WITHIN };
    const transport = createTransport({ url, ...limits });
    try {
      await transport.sendMail({ ...mailOf(message, { from, to }), signal: context.signal });
    } catch (error) {
      if (context.signal.aborted) throw new NotAccepted('the mail server did not take it in time', false);
      const reason = redact(error instanceof Error ? error.message : String(error));
      throw new NotAccepted(seenText(`the mail server did not take it: ${reason}`), isFinal(error as object));
    } finally {
      transport.close();
    }
  },
};
