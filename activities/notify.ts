import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure, cancellationSignal, Context, heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Outgoing } from '../domain/notice';
import { outgoing, routesOf, type Route } from '../domain/routing';
import { SECOND } from '../domain/units';
import { badInput } from './input';
import { logged } from './notify/log';
import { messageOf } from './notify/registry';
import type { Outbox } from './outbox';
import type { Delivered, Delivery, LaunchActivities } from './types';

/** A database that takes longer than this is taken for one that is away. */
const QUEUED_WITHIN = 3 * SECOND;
/** An announcement waits so long for its channels; what is not accepted by then counts as failed for now. */
const CONFIRMED_WITHIN = 6 * SECOND;
const LOOK_EVERY = SECOND / 5;

const secret = z.union([z.string(), z.object({ env: z.string() })]);
const limit = z.object({ most: z.number().min(1), per: z.number().min(0) }).optional();
const common = { channel: z.string(), limit };
const way = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('log') }),
  z.object({ ...common, type: z.literal('slack'), url: secret }),
  z.object({ ...common, type: z.literal('webhook'), url: secret, secret: secret.optional() }),
  z.object({ ...common, type: z.literal('email'), to: z.array(z.string()).min(1) }),
]);
const route: z.ZodType<Route> = z.object({
  way,
  recipients: z.array(z.object({ id: z.string(), to: z.array(z.string()), otherwise: z.array(way) })).min(1),
});
const delivery: z.ZodType<Delivery> = z.object({
  launch: z.string(),
  notice: z.object({
    key: z.string(),
    to: z.array(z.string()),
    about: z.string(),
    subject: z.string(),
    text: z.string(),
    command: z.string().optional(),
    urgent: z.boolean(),
  }),
  to: z.array(z.string()),
  routes: z.array(route).optional(),
  confirm: z.boolean().optional(),
  trial: z.boolean(),
});

export interface NotifyDeps {
  outbox: Pick<Outbox, 'enqueue' | 'fateOf' | 'sendDirectly'>;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Epoch ms. */
  now: () => number;
}

/** Whether a name is reached: everybody whom it means has been told. */
function sorted(to: readonly string[], routes: readonly Route[], told: ReadonlySet<string>): Delivered {
  const recipients = routes.flatMap((each) => each.recipients);
  const isReached = (name: string): boolean => {
    const meant = recipients.filter((each) => each.to.includes(name));
    return meant.length > 0 && meant.every(({ id }) => told.has(id));
  };
  return { accepted: to.filter(isReached), failed: to.filter((name) => !isReached(name)) };
}

/** What went out in an earlier attempt of this activity, without the database: it is not sent again. */
function sentBefore(): Set<string> {
  return new Set(z.array(z.string()).safeParse(Context.current().info.heartbeatDetails).data);
}

/** The sending of notices, as workflows may ask for it. */
export const createNotifyActivities = ({ outbox, log, now }: NotifyDeps) => {
  async function isQueued(all: readonly Outgoing[], again: boolean): Promise<boolean> {
    try {
      const late = delay(QUEUED_WITHIN, false, { ref: false });
      return await Promise.race([outbox.enqueue(all, { again }).then(() => true), late]);
    } catch (error) {
      log.warn({ err: error }, 'The outbox cannot be written now; notices are sent at once');
      return false;
    }
  }

  async function toldInTime({ launch, notice }: Delivery, wanted: readonly Route[]): Promise<Set<string>> {
    const people = wanted.flatMap(({ recipients }) => recipients.map(({ id }) => id));
    const deadline = now() + CONFIRMED_WITHIN;
    for (;;) {
      const fate = await outbox.fateOf(launch, notice.key).catch(() => ({ told: [], isOver: false }));
      const told = new Set(fate.told);
      if (fate.isOver || people.every((id) => told.has(id)) || now() >= deadline) return told;
      await delay(LOOK_EVERY, undefined, { signal: cancellationSignal() });
    }
  }

  /** Without the database: what no channel takes is tried by the next attempt, and nothing else. */
  async function withoutOutbox(given: Delivery, all: readonly Outgoing[]): Promise<Delivered> {
    const before = sentBefore();
    const told = await outbox.sendDirectly(
      all.filter(({ key }) => !before.has(key)),
      cancellationSignal()
    );
    const isTold = ({ key, route: { recipients } }: Outgoing) =>
      before.has(key) || recipients.every(({ id }) => told.has(id));
    const sent = all.filter(isTold);
    const routes = all.map((each) => each.route);
    for (const each of sent) for (const { id } of each.route.recipients) told.add(id);
    const delivered = sorted(given.to, routes, told);
    if (given.confirm || sent.length === all.length) return delivered;
    heartbeat(sent.map(({ key }) => key));
    const message = `no channel took it for ${delivered.failed.join(', ')}, and the outbox cannot be written`;
    throw ApplicationFailure.retryable(message, 'NOT_DELIVERED');
  }

  function onlyLogged(all: readonly Outgoing[], { to, trial }: Delivery): Delivered {
    for (const each of all) {
      const { key, route } = each;
      for (const told of messageOf(each).told) {
        log.info({ ...logged(key, told), channel: route.way.channel }, trial ? 'Would send notice' : 'Notice');
      }
    }
    return { accepted: to, failed: [] };
  }

  return {
    /**
     * Puts a notice into the outbox, once for each place it goes to, and returns; with `confirm` it waits some seconds
     * for the channels, and tells who has been told by one. Where the outbox cannot be written it is sent at once, with
     * the same keys. Safe to repeat.
     */
    async notify(given: Delivery): Promise<Delivered> {
      const parsed = delivery.safeParse(given);
      if (!parsed.success) throw badInput('a notice to send', parsed.error);
      const { launch, notice, trial, confirm = false } = parsed.data;
      const to = [...new Set(parsed.data.to)];
      const asked = { ...parsed.data, to };
      const routes = parsed.data.routes ?? routesOf({ people: [] }, to, now());
      const all = routes.map((each) => outgoing(launch, notice, each));
      // A workflow of before there were channels does not say how people are reached.
      if (trial || !parsed.data.routes) return onlyLogged(all, asked);
      const before = sentBefore();
      if (
        !(await isQueued(
          all.filter(({ key }) => !before.has(key)),
          confirm
        ))
      )
        return await withoutOutbox(asked, all);
      if (!confirm) return { accepted: [], failed: [], queued: to };
      return sorted(to, routes, await toldInTime(asked, routes));
    },
  } satisfies Pick<LaunchActivities, 'notify'>;
};
