import { z } from 'zod';
import { planProblem } from '../domain/plan-shape';
import type { ItemCommand, LaunchCommand } from '../domain/commands';

/** The shapes of commands as a program sends them; who says it, and as what, comes from the request's token. */

const LONGEST_TEXT = 4_000;
/** As `isInstant` has it. */
const LAST_INSTANT = Date.UTC(9999, 11, 31);

const text = z.string().min(1).max(LONGEST_TEXT).regex(/\S/, 'expected a text that is not blank');
const texts = z.array(text).max(100);
const instant = z.int().min(0).max(LAST_INSTANT).describe('epoch milliseconds');
const criterion = text.optional().describe('which criterion; may be left out where only one can be meant');
const evidence = z.strictObject({
  note: text.optional(),
  link: text.optional(),
  file: z.strictObject({ name: text, sha256: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
});

const ITEM = [
  z.strictObject({ type: z.literal('acknowledge'), note: text.optional() }),
  z.strictObject({ type: z.literal('attest'), criterion, evidence: evidence.optional() }),
  z.strictObject({ type: z.literal('retract'), criterion }),
  z.strictObject({ type: z.literal('resolve'), note: text.optional() }),
  z.strictObject({ type: z.literal('decide'), option: text, why: text.optional() }),
  z.strictObject({ type: z.literal('waive'), criterion, reason: text, risk: text, until: instant }),
  z.strictObject({ type: z.literal('reopen'), reason: text }),
  z.strictObject({ type: z.literal('assign'), owners: texts }),
  z.strictObject({ type: z.literal('comment'), text }),
  z.strictObject({ type: z.literal('verifyNow'), criterion }),
] as const;

const priority = z.enum(['P0', 'P1', 'P2', 'P3', 'P4']).optional();
const seen = z.strictObject({ digest: text, head: text.optional() });

/** Its shape is looked at by the rule for it, which also bears what is nested without end. */
const plan = z
  .record(z.string(), z.unknown())
  .superRefine((given, context) => {
    const problem = planProblem(given);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: `this is no compiled plan: ${problem}` });
  })
  .describe('a compiled plan, as GET …/plan gives it');

const LAUNCH = [
  z.strictObject({
    type: z.literal('signOff'),
    answer: z.enum(['yes', 'no', 'withdraw']),
    accepts: texts.optional(),
    seen: seen.optional().describe('what was looked at; refused CHANGED where it is not what is now'),
    why: text.optional(),
  }),
  z.strictObject({ type: z.literal('hold'), reason: text }),
  z.strictObject({ type: z.literal('release'), reason: text.optional() }),
  z.strictObject({ type: z.literal('reschedule'), at: instant, reason: text }),
  z.strictObject({
    type: z.literal('reportBlocker'),
    title: text,
    impact: text.optional(),
    owners: texts.optional(),
    priority,
    severity: z.enum(['critical', 'high', 'medium', 'low']).optional(),
    deadline: instant.optional(),
    acceptance: texts.optional(),
  }),
  z.strictObject({
    type: z.literal('reviewBlocker'),
    report: text,
    accept: z.boolean(),
    gate: z.enum(['must', 'should', 'nice']).optional(),
    reason: text.optional(),
    owners: texts.optional(),
  }),
  z.strictObject({
    type: z.literal('amend'),
    plan,
    reason: text,
  }),
  z.strictObject({ type: z.literal('retryActions'), skip: z.int().min(1).optional(), reason: text.optional() }),
  z.strictObject({ type: z.literal('cancel'), reason: text }),
] as const;

export const itemCommand = z.discriminatedUnion('type', ITEM);
export const launchCommand = z.discriminatedUnion('type', LAUNCH);

type Unsaid<Command> = Command extends unknown ? Omit<Command, 'by' | 'key' | 'kind' | 'via'> : never;
export type UnsaidItemCommand = Unsaid<ItemCommand>;
export type UnsaidLaunchCommand = Unsaid<LaunchCommand>;
