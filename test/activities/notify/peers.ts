import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ChannelDeps } from '../../../activities/notify/channel';
import type { Notice } from '../../../domain/notice';
import type { Route, Way } from '../../../domain/routing';
import { localAccess } from '../../support/access';
import { httpTarget, type Target } from '../checks/target';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** Epoch ms. */
  at: number;
}

export interface Hook extends Target {
  /** All that came, the oldest first. */
  received: Received[];
  /** What the next requests are answered, one for one; then 200. Null: never. */
  answers: Array<{ status: number; headers?: { [name: string]: string }; body?: string } | null>;
}

/** A receiver of webhooks that counts what comes. */
export async function hook(): Promise<Hook> {
  const received: Received[] = [];
  const answers: Hook['answers'] = [];
  const target = await httpTarget((request: IncomingMessage, response: ServerResponse) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body, at: Date.now() });
      const answer = answers.length > 0 ? answers.shift() : { status: 200 };
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.body ?? 'ok');
    });
  });
  return { ...target, received, answers };
}

export interface Line {
  level: 'info' | 'warn';
  message: string;
  [key: string]: unknown;
}

/** What channels of a test act through: this machine, these variables, and a log that is kept. */
export function channelDeps(env: { [name: string]: string } = {}): ChannelDeps & { lines: Line[] } {
  const lines: Line[] = [];
  const to = (level: Line['level']) => (fields: object, message?: string) =>
    void lines.push({ ...fields, level, message: message ?? '' });
  return {
    access: localAccess(__dirname),
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
    log: { info: to('info'), warn: to('warn') } as ChannelDeps['log'],
    now: Date.now,
    lines,
  };
}

export function noticeOf(key: string, more: Partial<Notice> = {}): Notice {
  return {
    key,
    to: ['ana'],
    about: 'STAGING',
    subject: `Staging answers 502 (${key})`,
    text: 'It is yours.',
    command: 'launch ack STAGING --as ana',
    urgent: false,
    ...more,
  };
}

export function routeBy(way: Way, otherwise: Way[] = [], id = 'ana'): Route {
  return { way, recipients: [{ id, to: [id], otherwise }] };
}
