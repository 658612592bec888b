import { setTimeout as delay } from 'node:timers/promises';
import type { Receipt } from './chaos-receivers';
import type { TestStack } from './test-stack';
import { until } from './until';

const PARTS = ['worker', 'temporal'] as const;
export type Part = (typeof PARTS)[number];

export interface Kill {
  part: Part;
  /** Epoch ms. */
  at: number;
}

interface PlannedKill {
  /** Of the whole time, from 0 to 1. */
  at: number;
  parts: Part[];
  /** It waits for the next message to arrive, and so many ms more: then a send is likely to be under way. */
  inSend?: number;
}

/** Beyond it nothing comes up any more, however busy the machine. */
const LOST_AFTER_MS = 120_000;
/** A message that it waits for may not come. */
const MESSAGE_WITHIN_MS = 5_000;

/** Who is killed when: the worker, the server, both at once; at any instant, every other time as a message arrives. */
export function plannedKills(kills: number, random: () => number): PlannedKill[] {
  const victims: Part[][] = [['worker'], ['temporal'], ['worker'], ['temporal', 'worker']];
  const first = Math.floor(random() * victims.length);
  const instants = Array.from({ length: kills }, random).sort((a, b) => a - b);
  return instants.map((at, n) => ({
    at,
    parts: victims[(first + n) % victims.length]!,
    ...(random() < 0.5 ? { inSend: Math.round(800 * random()) } : {}),
  }));
}

/** A stack that is killed, and how. */
export interface Chaos {
  stack: TestStack;
  receipts: readonly Receipt[];
  kills: Kill[];
}

async function killPart(chaos: Chaos, part: Part, killed: Set<number>): Promise<void> {
  const { stack, kills } = chaos;
  const pid = await until(
    `a ${part} to kill`,
    () => {
      const found = stack.where()[part].pid;
      return found === null || killed.has(found) ? undefined : found;
    },
    LOST_AFTER_MS
  );
  killed.add(pid);
  // Written down first: what a receiver sees of a killed process is never before it.
  kills.push({ part, at: Date.now() });
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had just ended by itself, and is being started again.
    kills.pop();
    await killPart(chaos, part, killed);
  }
}

async function untilInSend({ receipts }: Chaos, ms: number): Promise<void> {
  const before = receipts.length;
  await until('a message', () => receipts.length > before, MESSAGE_WITHIN_MS).catch(() => {});
  await delay(ms);
}

/** Kills as planned between two instants (epoch ms), only processes of this stack, which starts them again. */
export async function killAll(
  chaos: Chaos,
  planned: readonly PlannedKill[],
  { from, to }: { from: number; to: number }
): Promise<void> {
  const killed = new Set<number>();
  for (const { at, parts, inSend } of planned) {
    await delay(Math.max(0, from + at * (to - from) - Date.now()));
    if (inSend !== undefined) await untilInSend(chaos, inSend);
    for (const part of parts) await killPart(chaos, part, killed);
  }
}

/** The receiver is a process beside the killed one: it may see only now what was sent before. */
const SEEN_WITHIN_MS = 2_000;
/** From the answer until the row in the outbox says `sent`. */
const MARKED_WITHIN_MS = 2_000;

/**
 * Whether a message was on its way when a worker was killed: from the beginning of the attempt until the outbox says that
 * it was sent. Of that a receiver sees two moments, that the message was there and that it answered; so what it had
 * received, and not answered, counts, and what it had answered within the last two seconds, in which the answer had to
 * be read and marked on a busy machine. Who sends is the worker alone: with the server killed nothing may come twice.
 */
export function wasInFlight({ at, answeredAt = Infinity }: Receipt, kills: readonly Kill[]): boolean {
  return kills.some(
    (kill) => kill.part === 'worker' && at <= kill.at + SEEN_WITHIN_MS && answeredAt >= kill.at - MARKED_WITHIN_MS
  );
}
