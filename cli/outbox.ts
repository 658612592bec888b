import type { StoredDelivery } from '../stack/outbox';
import { command } from './command';
import { mustBeInLedger } from './in-ledger';
import type { Style } from './style';
import { clean, cut, instantIn, pad } from './text';

const MOST_SHOWN = 200;
const SUBJECT_COLUMNS = 60;
const ERROR_COLUMNS = 100;

function stateOf({ state, held, attempts }: StoredDelivery, style: Style): string {
  const shown = pad(state === 'queued' && held ? 'held' : state, 7);
  if (state === 'failed') return style.red(shown);
  return state === 'queued' && attempts > 0 ? style.yellow(shown) : shown;
}

/** When it went, or is tried next, and what went wrong last. */
function fateOf({ state, attempts, nextTryAt, sentAt, lastError }: StoredDelivery): string[] {
  const tries = attempts > 1 || (state !== 'sent' && attempts > 0) ? [`${attempts} tries`] : [];
  const next = nextTryAt === undefined || attempts === 0 ? [] : [`next ${instantIn('UTC', nextTryAt)}`];
  const error = state !== 'sent' && lastError ? [cut(clean(lastError), ERROR_COLUMNS)] : [];
  return [...(sentAt === undefined ? [] : [`sent ${instantIn('UTC', sentAt)}`]), ...tries, ...next, ...error];
}

/** One line: what has become of it, the way, whom it tells, and of what. */
export function outboxLine(delivery: StoredDelivery, style: Style): string {
  const { channel, type, people, notice, launch } = delivery;
  const way = channel === type ? channel : `${channel} (${type})`;
  const what = cut(clean(notice.subject), SUBJECT_COLUMNS);
  const parts = [clean(launch), clean(`${way} to ${people.join(', ')}`), what, ...fateOf(delivery)];
  return `${stateOf(delivery, style)} ${parts.join(' · ')}`;
}

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

function asAnswer(delivery: StoredDelivery) {
  const { key, launch, people, channel, type, state, held, attempts, notice, lastError } = delivery;
  const { subject, about, urgent } = notice;
  const what = { key, launch, about, subject, urgent, people, channel, type, state, held, attempts };
  const when = { createdAt: iso(delivery.createdAt), sentAt: iso(delivery.sentAt), nextTryAt: iso(delivery.nextTryAt) };
  return { ...what, ...when, lastError: lastError ?? null };
}

export const outbox = () =>
  command(
    'outbox [launch]',
    {
      summary: 'messages that wait, were sent, or failed, of all launches or of one; the newest first',
      examples: ['launch outbox', 'launch outbox storefront-2', 'launch outbox --json'],
    },
    async ({ options, say, answer, style }, [launch]) => {
      const { readOutbox } = await import('../stack/outbox.js');
      const found = await readOutbox(options.data, { launch, limit: MOST_SHOWN });
      if (found.length === 0 && launch !== undefined) await mustBeInLedger(options.data, launch);
      for (const each of found) say(outboxLine(each, style));
      if (found.length === 0)
        say(launch ? `No message of ${clean(launch)} has been asked for.` : 'The outbox is empty.');
      if (found.length === MOST_SHOWN) say(`Only the newest ${MOST_SHOWN} are shown.`);
      answer({ outbox: found.map(asAnswer) });
    }
  );
