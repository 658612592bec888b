import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageId } from '../../activities/notify/email';
import { webhookId } from '../../activities/notify/webhook';
import type { Notice } from '../../domain/notice';
import type { Plan } from '../../domain/plan';
import { outgoing, planDirectory, routesOf } from '../../domain/routing';
import { killAll, plannedKills, wasInFlight, type Chaos } from '../support/chaos';
import { differences, rehearsed, standupsOf, type Happened, type Rules } from '../support/chaos-expected';
import {
  AFTER_MS,
  chaosDocument,
  DAY_MS,
  DECISION,
  OTHER_WORK,
  SPEED,
  TAKEN_WORK,
  VARIABLES,
} from '../support/chaos-plan';
import { receivers, SIGNING_KEY, type Receipt, type Receivers } from '../support/chaos-receivers';
import { seeded } from '../support/seeded';
import { gapsInFacts, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/**
 * Days of a launch that nobody answers, while its worker and its server are killed at random instants: every timer fires,
 * every message arrives, and those who receive them count twice only what was on its way when the worker was killed.
 */
const KILLS = Number(process.env['LAUNCH_CHAOS_KILLS'] ?? 5);
const SEED = Number(process.env['LAUNCH_CHAOS_SEED'] ?? Date.now() % 1_000_000);
/** What is killed more often has no time to do anything. */
const MS_FOR_A_KILL = 20_000;
const DAYS = Math.max(2, Math.ceil((KILLS * MS_FOR_A_KILL) / DAY_MS));
/** For what was delayed: leases, timeouts of activities, and a machine that is busy. */
const CATCHES_UP_WITHIN_MS = 300_000;
/** A whole ledger is read each time. */
const LOOK_AGAIN_MS = 500;
const ID = 'chaos';

/** What is planned is the same for a seed; what is answered late depends on what comes when. */
const planned = plannedKills(KILLS, seeded(SEED));
let folder: string;
let received: Receivers;
let stack: TestStack;
let chaos: Chaos;
let plan: Plan;
let rules: Rules;
/** Until then the launch is looked at; it runs on. */
let horizon: number;

function configuration(): string {
  folder = mkdtempSync(join(tmpdir(), 'launch-chaos-'));
  const path = join(folder, 'launch-director.yaml');
  const mail = { url: { env: VARIABLES.mail }, from: 'Launch <launch@example.com>' };
  writeFileSync(path, JSON.stringify({ checks: { allowLocal: true, env: Object.values(VARIABLES) }, mail }));
  return path;
}

async function storedPlan(): Promise<Plan | undefined> {
  const rows = await stack.rows<{ plan: Plan | null }>('SELECT plan FROM "Launch" WHERE id = $1', [ID]);
  return rows[0]?.plan ?? undefined;
}

async function ledger(): Promise<Happened[]> {
  const rows = await stack.rows<{ of: string; type: string; at: Date; body: object }>(
    `SELECT COALESCE("itemId", "launchId") AS of, type, at, body FROM "Fact"
      WHERE "launchId" = $1 AND seq IS NOT NULL ORDER BY position`,
    [ID]
  );
  return rows.map(({ of, type, at, body }) => ({ ...body, of, type, at: at.getTime() }));
}

const standups = (happened: readonly Happened[]): Happened[] => happened.filter(({ type }) => type === 'standup');
const others = (happened: readonly Happened[]): Happened[] => happened.filter(({ type }) => type !== 'standup');

beforeAll(
  async () => {
    process.stdout.write(`chaos: ${KILLS} kills in ${DAYS} days, LAUNCH_CHAOS_SEED=${SEED}\n`);
    received = await receivers(seeded(SEED + 1));
    const variables = { hook: received.url.hook, mail: received.url.mail, key: SIGNING_KEY };
    const env = Object.entries(variables).map(([name, value]) => [VARIABLES[name as keyof typeof VARIABLES], value]);
    stack = await testStack(Object.fromEntries(env) as { [name: string]: string }, ['--config', configuration()]);
    const document = stack.file('chaos.yaml', chaosDocument(Date.now(), DAYS));
    const { code, stderr } = await stack.run('start', document, '--speed', String(SPEED));
    if (code !== 0) throw new Error(stderr);
    plan = await until('the plan in the ledger', storedPlan);
    horizon = plan.launch.at + AFTER_MS;
    rules = rehearsed(plan, horizon);
    chaos = { stack, receipts: received.receipts, kills: [] };
    await killAll(chaos, planned, { from: Date.now(), to: horizon });
  },
  DAYS * DAY_MS + CATCHES_UP_WITHIN_MS
);

afterAll(async () => {
  await stack?.stop();
  await received?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Waits as long as something is still missing; what then is, is for the test to say. */
async function whenComplete(missing: () => Promise<readonly unknown[]>): Promise<void> {
  const look = async (): Promise<boolean> => (await missing()).length === 0 || (await delay(LOOK_AGAIN_MS, false));
  await until('all of it', look, CATCHES_UP_WITHIN_MS).catch(() => {});
}

test(
  'every clock passes once and never before its time: SLAs, chains and their repeats, reminders, deadlines, silence, the verdict',
  async () => {
    const late = async () => (Date.now() < horizon ? ['time'] : differences(rules, await ledger()).missing);
    await whenComplete(late);
    const happened = others(await ledger());
    expect(differences(rules, happened)).toEqual({ missing: [], extra: [], early: [] });
    expect(await gapsInFacts(stack, ID)).toEqual([]);
    expect(happened).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: DECISION, type: 'decided', option: 'hosted', how: 'silent' }),
        expect.objectContaining({ of: TAKEN_WORK, type: 'told', clock: 'resolve' }),
        expect.objectContaining({ of: OTHER_WORK, type: 'moved', to: 'dropped' }),
        expect.objectContaining({ of: ID, type: 'announced' }),
        expect.objectContaining({ of: ID, type: 'decided' }),
      ])
    );
  },
  CATCHES_UP_WITHIN_MS + 60_000
);

test(
  'every standup and review is held, once each',
  async () => {
    const wanted = standupsOf(rules);
    expect(wanted.length).toBeGreaterThanOrEqual(2 * DAYS);
    const held = async () =>
      standups(await ledger()).map(({ notice }) => Date.parse(notice!.key.split(':standup:')[1]!));
    await whenComplete(async () => {
      const there = await held();
      return wanted.filter((at) => !there.includes(at));
    });
    expect((await held()).filter((at) => at <= horizon)).toEqual(wanted);
    for (const { at, notice } of standups(await ledger()))
      expect(at).toBeGreaterThanOrEqual(Date.parse(notice!.key.split(':standup:')[1]!));
  },
  CATCHES_UP_WITHIN_MS + 60_000
);

/** What was to be told: whatever the ledger has, and the announcement, which is not among its decisions. */
async function decidedNotices(): Promise<Array<{ notice: Notice; at: number }>> {
  const announced = rules.notices.filter(({ key }) => key.includes(':announcement:'));
  const told = (await ledger()).flatMap(({ notice, at }) => (notice ? [{ notice, at }] : []));
  return [...told, ...announced.map((notice) => ({ notice, at: plan.launch.at }))];
}

interface Wanted {
  key: string;
  notice: Notice;
  channel: string;
}

async function wantedMessages(): Promise<Wanted[]> {
  const directory = planDirectory(plan);
  return (await decidedNotices()).flatMap(({ notice, at }) =>
    routesOf(directory, notice.to, at).map((route) => {
      const { key } = outgoing(ID, notice, route);
      return { key, notice, channel: route.way.channel };
    })
  );
}

/** Told by another message, together with others: by which one. */
async function bundles(): Promise<Map<string, string>> {
  const rows = await stack.rows<{ key: string; bundleKey: string }>(
    `SELECT key, "bundleKey" FROM "Delivery" WHERE state = 'bundled'`
  );
  return new Map(rows.map(({ key, bundleKey }) => [key, bundleKey]));
}

const oneLine = (text: string): string => text.replaceAll('=\r\n', '').replace(/\s+/g, ' ');

function hasArrived({ key, notice, channel }: Wanted, bundled: ReadonlyMap<string, string>): boolean {
  const sentAs = bundled.get(key) ?? key;
  if (channel === 'hook')
    return received.receipts.some(({ id, notices }) => id === webhookId(sentAs) && notices.includes(notice.key));
  const subject = oneLine(notice.subject);
  return received.receipts.some(({ id, says }) => id === messageId(sentAs) && oneLine(says).includes(subject));
}

async function notArrived(wanted: readonly Wanted[]): Promise<string[]> {
  const bundled = await bundles();
  return wanted.filter((each) => !hasArrived(each, bundled)).map(({ key }) => key);
}

const waiting = () => stack.rows(`SELECT key FROM "Delivery" WHERE state = 'queued' AND "attempts" > 0`);

test(
  'every message arrives, as it was signed and whole',
  async () => {
    const wanted = await wantedMessages();
    await whenComplete(() => notArrived(wanted));
    expect(await notArrived(wanted)).toEqual([]);
    expect(received.wrong).toEqual([]);
    const channels = new Set(wanted.map(({ channel }) => channel));
    expect([...channels].sort()).toEqual(['hook', 'mail']);
  },
  CATCHES_UP_WITHIN_MS + 60_000
);

function byId(): Map<string, Receipt[]> {
  const found = new Map<string, Receipt[]>();
  for (const each of received.receipts) found.set(each.id, [...(found.get(each.id) ?? []), each]);
  return found;
}

test(
  'only what was on its way when a worker was killed comes twice, with the same key and the same words',
  async () => {
    // What a killed worker had in hand is sent again when its lease is over.
    await whenComplete(waiting);
    const messages = [...byId().values()];
    const again = messages.filter(({ length }) => length > 1);
    const repeats = again.flatMap((receipts) => receipts.slice(0, -1));
    expect(repeats.filter((receipt) => !wasInFlight(receipt, chaos.kills))).toEqual([]);
    for (const receipts of again) expect(new Set(receipts.map(({ says }) => says)).size).toBe(1);
    const keys = messages.flatMap(([first]) => first!.notices);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    const killed = chaos.kills.map(({ part }) => part);
    expect(killed.length).toBeGreaterThanOrEqual(KILLS);
    if (KILLS > 1) expect(new Set(killed)).toEqual(new Set(['worker', 'temporal']));
    const counts = `${messages.length} messages, ${again.length} of them again`;
    process.stdout.write(`chaos: ${killed.length} processes killed, ${counts} (LAUNCH_CHAOS_SEED=${SEED})\n`);
  },
  CATCHES_UP_WITHIN_MS + 60_000
);
