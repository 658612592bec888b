import { setTimeout as delay } from 'node:timers/promises';
import type { Outgoing } from '../domain/notice';
import { onward, outgoing, type Route } from '../domain/routing';
import { DAY, HOUR, MINUTE, SECOND } from '../domain/units';
import type { DeliveryStore, NoticeFate } from '../prisma/deliveries';
import type { TakenDelivery } from '../prisma/outbox-take';
import { NotAccepted, type ChannelDeps } from './notify/channel';
import { logged } from './notify/log';
import { messageOf, sendBy } from './notify/registry';
import { within } from './within';

/** How long a channel may take for a message. */
const SEND_WITHIN = 10 * SECOND;
/** Without the database, within the notify activity, which does not last long. */
const SEND_DIRECTLY_WITHIN = 5 * SECOND;
/** Longer than sending and marking take: what is not marked by then was in the hands of a worker that is gone. */
const LEASE = 30 * SECOND;
const LOOK_EVERY = SECOND;
const AWAY_AGAIN = 5 * SECOND;
const STORE_AGAIN = SECOND;
/** Of one worker. */
const SENDS_AT_ONCE = 20;
const NOTICES_IN_ONE = 20;

/** The first pause of what failed; it doubles, up to the longest. */
const FIRST_PAUSE = 2 * SECOND;
const LONGEST_PAUSE = 10 * MINUTE;
/** Attempts until another way is taken, where there is one, and else until it has failed: about six hours. */
const ATTEMPTS_BEFORE_ANOTHER = 5;
const MOST_ATTEMPTS = 45;
/** A channel that asks for a longer pause is given up where there is another way. */
const PATIENCE = 2 * MINUTE;

const ALSO_ANOTHER_WAY = 'Notice was not accepted yet; who has another way is told by it, the rest still here';

const KEPT_FOR = 30 * DAY;
const PRUNE_EVERY = HOUR;
const PRUNED_AT_ONCE = 1_000;
/** A worker that stops waits no longer than this for what is being sent. */
const CLOSES_WITHIN = 3 * SECOND;
/** Keys of what was sent and could not be marked. */
const MOST_REMEMBERED = 10_000;

export interface OutboxDeps {
  store: DeliveryStore;
  channels: ChannelDeps;
  /** For tests, which do not wait for minutes: ms. */
  firstPause?: number;
  lease?: number;
}

/** The sending of what stands in the outbox, by one worker of any number. */
export interface Outbox extends Pick<DeliveryStore, 'enqueue' | 'fateOf'> {
  /** Sends at once, without the database, every way there is one after the other. Returns the people told. */
  sendDirectly(all: readonly Outgoing[], signal: AbortSignal): Promise<Set<string>>;
  /** Lets what is being sent arrive, and stops. */
  close(): Promise<void>;
}

interface Failure {
  reason: string;
  isFinal: boolean;
  pause: number;
}

function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof NotAccepted) return { reason: error.message, isFinal: error.isFinal, pause: error.pause };
  const reason = signal.aborted ? 'it was not accepted in time' : `it could not be sent: ${String(error)}`;
  return { reason, isFinal: false, pause: 0 };
}

/** Not attempted: whoever is there was asked in vain before, and said when to come again. */
function peaceAsked(pause: number): Failure {
  const minutes = Math.ceil(pause / MINUTE);
  return { reason: `nothing goes there for ${minutes} minutes, as was asked for`, isFinal: false, pause };
}

/** The messages by which everybody is told whom this one does not reach. */
function insteadOf(given: Outgoing): Outgoing[] {
  return onward(given.route).map((route) => outgoing(given.launch, given.notice, route));
}

const stranded = ({ recipients }: Route): string[] =>
  recipients.filter(({ otherwise }) => otherwise.length === 0).map(({ id }) => id);

class Sending implements Outbox {
  private readonly underWay = new Set<Promise<void>>();
  private readonly unmarked = new Set<string>();
  private readonly stop = new AbortController();
  private readonly running: Promise<void>;
  private isClosed = false;
  private isAway = false;
  private prunedAt = -Infinity;
  private wakeUp: () => void = () => {};
  private woken = false;

  constructor(private readonly deps: OutboxDeps) {
    this.running = this.run();
  }

  async enqueue(all: readonly Outgoing[], options?: { again?: boolean }): Promise<void> {
    await this.deps.store.enqueue(all, options);
    this.wake();
  }

  async fateOf(launch: string, noticeKey: string): Promise<NoticeFate> {
    return await this.deps.store.fateOf(launch, noticeKey);
  }

  async sendDirectly(all: readonly Outgoing[], signal: AbortSignal): Promise<Set<string>> {
    const told = new Set<string>();
    const each = async (given: Outgoing): Promise<void> => {
      const failure = await this.attempt(given, [], { signal, ms: SEND_DIRECTLY_WITHIN });
      if (!failure) {
        this.remember(given.key);
        for (const { id } of given.route.recipients) told.add(id);
        return;
      }
      this.warn(given, failure);
      await Promise.all(insteadOf(given).map(each));
    };
    await Promise.all(all.map(each));
    return told;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    const timer = setTimeout(() => this.stop.abort(), CLOSES_WITHIN);
    await this.running;
    await Promise.all(this.underWay);
    clearTimeout(timer);
  }

  private wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  private async sleep(ms: number): Promise<void> {
    if (!this.woken && !this.isClosed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const more = await this.takeSome();
      if (!more) await this.sleep(this.isAway ? AWAY_AGAIN : LOOK_EVERY);
    }
  }

  /** Whether to look again at once. */
  private async takeSome(): Promise<boolean> {
    const most = SENDS_AT_ONCE - this.underWay.size;
    if (most <= 0) return false;
    const { store, lease = LEASE } = this.deps;
    try {
      const { taken, left } = await store.take({ most, lease, bundle: NOTICES_IN_ONE, patience: PATIENCE });
      for (const each of taken) this.begin(each);
      this.isAway = false;
      await this.prune();
      return left;
    } catch (error) {
      if (!this.isAway) this.deps.channels.log.warn({ err: error }, 'The outbox cannot be read now; its messages wait');
      this.isAway = true;
      return false;
    }
  }

  private begin(taken: TakenDelivery): void {
    const work = this.deliver(taken)
      .catch((error: unknown) => {
        // It stands in the outbox as it was, and is taken again when its lease is over.
        this.deps.channels.log.warn({ err: error, key: taken.key }, 'What became of a message could not be stored');
      })
      .finally(() => {
        this.underWay.delete(work);
        this.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(taken: TakenDelivery): Promise<void> {
    if (taken.heldFor !== undefined) return await this.failed(taken, peaceAsked(taken.heldFor));
    const isSent = this.unmarked.has(taken.key);
    const failure = isSent
      ? undefined
      : await this.attempt(taken, taken.bundled, { signal: this.stop.signal, ms: SEND_WITHIN });
    if (failure) return await this.failed(taken, failure);
    this.remember(taken.key);
    await this.insist(() => this.deps.store.markSent(taken));
    this.unmarked.delete(taken.key);
  }

  private async attempt(
    given: Outgoing,
    bundled: readonly Outgoing[],
    { signal: stopped, ms }: { signal: AbortSignal; ms: number }
  ): Promise<Failure | undefined> {
    return await within(ms, stopped, async (signal) => {
      try {
        await sendBy(given.route.way, messageOf(given, bundled), { ...this.deps.channels, signal });
        return undefined;
      } catch (error) {
        return failureOf(error, signal);
      }
    });
  }

  private async failed(taken: TakenDelivery, failure: Failure): Promise<void> {
    const { reason: error, isFinal, pause } = failure;
    const all: Outgoing[] = [taken, ...taken.bundled];
    const instead = taken.passedOn ? [] : all.flatMap(insteadOf);
    const isLong = taken.attempts >= ATTEMPTS_BEFORE_ANOTHER || pause > PATIENCE;
    const isAwaited = all.some(({ route }) => stranded(route).length > 0);
    if (isFinal || taken.attempts >= MOST_ATTEMPTS || (isLong && !isAwaited)) {
      await this.insist(() => this.deps.store.giveUp(taken, { error, instead, pause }));
      for (const each of all) this.warn(each, failure);
      return;
    }
    const { firstPause = FIRST_PAUSE } = this.deps;
    const after = Math.max(pause, Math.min(LONGEST_PAUSE, firstPause * 2 ** Math.max(0, taken.attempts - 1)));
    const onward = isLong ? instead : [];
    await this.insist(() => this.deps.store.postpone({ taken, error, after, pause, instead: onward }));
    if (onward.length === 0) return;
    const { key, route } = taken;
    this.deps.channels.log.warn({ key, channel: route.way.channel, reason: error }, ALSO_ANOTHER_WAY);
  }

  /** A connection that broke is no reason to let the lease run out: until then it is tried again. */
  private async insist(store: () => Promise<void>): Promise<void> {
    const deadline = this.deps.channels.now() + (this.deps.lease ?? LEASE);
    for (;;) {
      try {
        return await store();
      } catch (error) {
        if (this.isClosed || this.deps.channels.now() > deadline) throw error;
        await delay(STORE_AGAIN);
      }
    }
  }

  /** The whole notice where somebody is not told of it by any way: then it stands in the log. */
  private warn({ key, launch, notice, route }: Outgoing, { reason }: Failure): void {
    const lost = stranded(route);
    const { log } = this.deps.channels;
    const { way } = route;
    if (lost.length === 0)
      log.warn({ key, channel: way.channel, reason }, 'Notice was not accepted; it goes another way');
    else
      log.warn(
        { ...logged(key, { launch, notice, people: lost }), channel: way.channel, reason },
        'Notice was not accepted by any channel'
      );
  }

  private remember(key: string): void {
    this.unmarked.add(key);
    for (const oldest of this.unmarked) {
      if (this.unmarked.size <= MOST_REMEMBERED) break;
      this.unmarked.delete(oldest);
    }
  }

  private async prune(): Promise<void> {
    const now = this.deps.channels.now();
    if (Math.abs(now - this.prunedAt) < PRUNE_EVERY) return;
    const removed = await this.deps.store.prune({ age: KEPT_FOR, limit: PRUNED_AT_ONCE });
    if (removed < PRUNED_AT_ONCE) this.prunedAt = now;
  }
}

/** Sends what any worker puts into the outbox, from now on until it is closed. */
export function startOutbox(deps: OutboxDeps): Outbox {
  return new Sending(deps);
}
