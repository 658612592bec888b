import { Agent, request } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createLaunches, type Launches } from '../client/launches';
import { directSpeaker, type ToItem } from '../client/speaker';
import { startLaunch } from '../client/start';
import { MINUTE } from '../domain/units';
import type { Benchmark } from './index';
import { withOwnStack, type OwnStack } from './own-stack';
import { planOfPeople } from './plan';
import { countEvents, processOf } from './processes';
import { quantile, table, type Figure } from './table';
import { MARK, now, watch, type Watcher } from './watchers';

const USAGE =
  'usage: npm run bench -- gateway [--watchers 200] [--items 300] [--rate 50] [--seconds 60], whole numbers above 0; at most 300 items, 200 a second, 600 seconds';
const LAUNCH = 'bench';
/** Of the actions one in so many changes the board, another goes to Temporal itself, at the same time: what the gateway adds is the difference. */
const DIRECT_EACH = 10;
const STARTED_WITHIN_MS = 15 * MINUTE;
/** For what is under way when the last action has been answered. */
const SETTLES_WITHIN_MS = MINUTE;
const LOOK_AGAIN_MS = 200;
const MB = 1_000_000;

interface Wanted {
  watchers: number;
  items: number;
  rate: number;
  seconds: number;
}

interface Bench extends Wanted, OwnStack {
  url: string;
  launches: Launches;
  tokens: readonly string[];
  report: (line: string) => void;
  signal: AbortSignal;
}

interface Said {
  n: number;
  /** When it was due, epoch ms. */
  due: number;
  /** From then until the answer, ms. */
  took: number;
  direct: boolean;
  /** Why it was not answered; a machine that is overloaded may still do it. */
  failed?: string;
}

function wantedOf(args: string[]): Wanted {
  const names = ['watchers', 'items', 'rate', 'seconds'] as const;
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  const [watchers, items, rate, seconds] = [
    Number(values['watchers'] ?? 200),
    Number(values['items'] ?? 300),
    Number(values['rate'] ?? 50),
    Number(values['seconds'] ?? 60),
  ];
  const isWhole = [watchers, items, rate, seconds].every((each) => Number.isInteger(each) && each > 0);
  if (!isWhole || items > 300 || rate > 200 || seconds > 600 || watchers > 1_000) throw new Error(USAGE);
  return { watchers, items, rate, seconds };
}

const agent = new Agent({ keepAlive: true });

/** Sends JSON; a status beside 2xx is an error. */
async function post<T>(url: string, headers: { [name: string]: string }, body: object): Promise<T> {
  return await new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if ((response.statusCode ?? 0) < 300) resolve(JSON.parse(text) as T);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    asked.on('error', reject).end(JSON.stringify(body));
  });
}

/** As many people as watch, each with a token of their own. */
async function peopleOf(url: string, data: string, count: number): Promise<Array<{ person: string; token: string }>> {
  const operator = readFileSync(join(data, 'operator-token'), 'utf8').trim();
  const all: Array<{ person: string; token: string }> = [];
  for (let n = 0; n < count; n++) {
    const person = `person-${n}`;
    const headers = { authorization: `Bearer ${operator}` };
    all.push({ person, ...(await post<{ token: string }>(`${url}/api/tokens`, headers, { person })) });
  }
  return all;
}

async function untilStarted({ launches, items, signal }: Pick<Bench, 'launches' | 'items' | 'signal'>): Promise<void> {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  for (;;) {
    const board = await launches.board(LAUNCH).catch(() => undefined);
    if (board?.items.length === items && board.items.every(({ status }) => status === 'open')) return;
    if (Date.now() > deadline)
      throw new Error(`not all of ${items} items are open after ${STARTED_WITHIN_MS / MINUTE} min`);
    await delay(1_000, undefined, { signal });
  }
}

/** One in so many changes the board: its owner is on an item. The others are remarks. */
function saidAs(n: number, items: number): [item: number, command: ToItem] {
  const text = `${MARK}${n}.`;
  const acknowledged = n / DIRECT_EACH;
  return Number.isInteger(acknowledged) && acknowledged < items
    ? [acknowledged, { type: 'acknowledge', note: text }]
    : [n % items, { type: 'comment', text }];
}

async function say(bench: Bench, n: number, due: number): Promise<Said> {
  const { url, items, tokens, launches } = bench;
  const [told, command] = saidAs(n, items);
  const item = `ITEM-${told}`;
  const who = told % tokens.length;
  const direct = n % DIRECT_EACH === DIRECT_EACH - 1;
  const headers = { authorization: `Bearer ${tokens[who]}`, 'idempotency-key': `bench-${n}` };
  const saying = direct
    ? directSpeaker(launches, `person-${who}`).tellItem(LAUNCH, item, command)
    : post(`${url}/api/launches/${LAUNCH}/items/${item}/commands`, headers, command);
  const failed = await saying.then(() => undefined).catch((error: unknown) => ({ failed: String(error) }));
  return { n, due, took: now() - due, direct, ...failed };
}

/** One each `1/rate` seconds, whatever has become of those before. */
async function sayAll(bench: Bench): Promise<Said[]> {
  const { rate, seconds, signal } = bench;
  const began = now();
  const all: Array<Promise<Said>> = [];
  for (let n = 0; n < rate * seconds; n++) {
    const due = began + (1_000 * n) / rate;
    const wait = due - now();
    if (wait > 0) await delay(wait, undefined, { signal });
    all.push(say(bench, n, due));
  }
  return await Promise.all(all);
}

async function untilAllSeen(watchers: readonly Watcher[], said: readonly Said[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + SETTLES_WITHIN_MS;
  while (Date.now() < deadline && watchers.some(({ seenAt }) => said.some(({ n }) => !seenAt.has(n)))) {
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}

type Usage = { cpu: number; rss: number } | undefined;

/** What the gateway, the worker and Temporal have taken so far, and this process, which is all who watch and act. */
async function usage({ stack }: Bench): Promise<{ at: number; of: Map<string, Usage> }> {
  const { gateway, worker, temporal } = stack.stack();
  const pids = {
    gateway: gateway?.pid ?? null,
    worker: worker.pid,
    Temporal: temporal.pid,
    'those who watch': process.pid,
  };
  const of = new Map<string, Usage>();
  for (const [name, pid] of Object.entries(pids)) of.set(name, await processOf(pid));
  return { at: Date.now(), of };
}

type Used = Awaited<ReturnType<typeof usage>>;

function usageFigures(before: Used, after: Used): Figure[] {
  return [...after.of].flatMap(([name, now]) => {
    const then = before.of.get(name);
    if (!now || !then) return [];
    const cpu = (100_000 * (now.cpu - then.cpu)) / (after.at - before.at);
    return [
      { what: `${name}: of one core`, value: cpu, unit: '%' },
      { what: `${name}: memory`, value: now.rss / MB, unit: 'MB' },
    ];
  });
}

function spread(what: string, values: readonly number[]): Figure[] {
  return [
    { what: `${what}, median`, value: quantile(values, 0.5), unit: 'ms' },
    { what: `${what}, 99 of 100`, value: quantile(values, 0.99), unit: 'ms' },
  ];
}

function seenFigures(said: readonly Said[], watchers: readonly Watcher[]): Figure[] {
  const latencies = watchers.flatMap(({ seenAt }) =>
    said.flatMap(({ n, due }) => (seenAt.has(n) ? seenAt.get(n)! - due : []))
  );
  const lost = watchers.reduce((sum, { seenAt }) => sum + said.filter(({ n }) => !seenAt.has(n)).length, 0);
  const repeated = watchers.reduce((sum, each) => sum + each.repeated(), 0);
  return [
    ...spread('from an action until a page knows', latencies),
    { what: 'events lost, of all pages', value: lost, unit: '', budget: 0 },
    { what: 'events told twice', value: repeated, unit: '', budget: 0 },
    { what: 'pages cut off', value: watchers.filter((each) => each.hasEnded()).length, unit: '', budget: 0 },
  ];
}

async function measure(bench: Bench): Promise<string[]> {
  const { connected, watchers: count, url, tokens, seconds, report, signal } = bench;
  const watchers = await Promise.all(tokens.map((token) => watch(`${url}/api/launches/${LAUNCH}/events`, token)));
  try {
    const events = (await countEvents(connected)).events;
    const before = await usage(bench);
    report(`${count} watch; ${bench.rate} actions a second for ${seconds} s`);
    const began = watchers.reduce((sum, each) => sum + each.bytes(), 0);
    const said = await sayAll(bench);
    const answered = said.filter(({ failed }) => failed === undefined);
    for (const { failed } of said.filter((each) => each.failed !== undefined).slice(0, 1))
      report(`Not answered: ${failed}`);
    await untilAllSeen(watchers, answered, signal);
    const after = await usage(bench);
    const grown = (await countEvents(connected)).events - events;
    const sent = watchers.reduce((sum, each) => sum + each.bytes(), 0) - began;
    const by = (direct: boolean) => answered.filter((each) => each.direct === direct).map(({ took }) => took);
    const [byGateway, direct] = [by(false), by(true)];
    const more = quantile(byGateway, 0.5) / quantile(direct, 0.5);
    return table(`${count} people watch ${bench.items} items, ${said.length} actions in ${seconds} s`, [
      ...spread('an action by the gateway', byGateway),
      ...spread('one straight to Temporal, at the same time', direct),
      { what: 'the gateway against straight, medians', value: more, unit: 'times' },
      { what: 'actions not answered', value: said.length - answered.length, unit: '', budget: 0 },
      ...seenFigures(answered, watchers),
      { what: 'history events for each action', value: grown / said.length, unit: '' },
      {
        what: 'sent to each page, a second',
        value: sent / count / 1_000 / ((after.at - before.at) / 1_000),
        unit: 'kB',
      },
      ...usageFigures(before, after),
    ]);
  } finally {
    for (const { close } of watchers) close();
    agent.destroy();
  }
}

/** People who watch one launch while people act on it, all by the gateway, with a stack of its own on loopback. */
export const gateway: Benchmark = async (args, signal) => {
  const wanted = wantedOf(args);
  const report = (line: string): void => console.error(line);
  return await withOwnStack({ report }, signal, async (own) => {
    const { url } = own.stack.stack().gateway!;
    const launches = createLaunches(own.connected);
    const people = await peopleOf(url, own.data, wanted.watchers);
    report(`Starting a launch of ${wanted.items} items`);
    const plan = planOfPeople(
      LAUNCH,
      wanted.items,
      people.map(({ person }) => person)
    );
    await startLaunch(own.connected, { plan, by: 'bench' });
    await untilStarted({ launches, items: wanted.items, signal });
    const tokens = people.map(({ token }) => token);
    return await measure({ ...wanted, ...own, url, launches, tokens, report, signal });
  });
};
