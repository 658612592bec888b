/** What follows a verdict, carried out: held against what the worker allows as a check is, and attempted once. */
import type { z } from 'zod';
import type { ActionResult } from '../../domain/go-actions';
import type { Action, Json, ProbeCheck } from '../../domain/plan';
import { commandAction, webhook as webhookSchema } from '../../plan/schema/action';
import type { Access } from '../checks/access';
import { refusalsOf, runCheck } from '../checks/registry';
import { CannotRun, seenText, type CheckContext } from '../checks/result';
import { callWebhook, webhookRefusals } from './webhook';

/** A plan was checked long ago, perhaps by another version: what comes out of a history is parsed again. */
function read<Part>(schema: z.ZodType<Part>, given: unknown): Part {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new CannotRun(`this action cannot be run: ${issue?.path.join('.')}: expected ${issue?.message}`);
}

/** A command is the check of that name: the same program, arguments and environment are allowed. */
function asCheck({ name, args }: z.infer<typeof commandAction>): ProbeCheck {
  return { type: 'command', command: name, ...(args ? { args } : {}) };
}

/** Why this worker would not carry an action out, before it touches the world; empty: it would. Never throws. */
export function actionRefusals({ webhook, command }: Action, access: Access): string[] {
  try {
    if (webhook) return webhookRefusals(read(webhookSchema, webhook), access);
    if (command) return refusalsOf(asCheck(read(commandAction, command)), access);
    return ['it is neither a webhook nor a command'];
  } catch (error) {
    return [error instanceof CannotRun ? error.message : 'it cannot be read'];
  }
}

async function runCommand(command: Action['command'], context: CheckContext): Promise<ActionResult> {
  const { outcome, seen } = await runCheck(asCheck(read(commandAction, command)), context);
  if (outcome === 'passed') return { outcome: 'done', seen };
  // Begun, and ended by us: what it has done until then nobody knows.
  return { outcome: context.signal.aborted ? 'unknown' : 'failed', seen };
}

/** One attempt. Never throws. `message` is what a webhook without a body of its own is sent. */
export async function carryOut(
  { action, key, message }: { action: Action; key: string; message: Json },
  context: CheckContext
): Promise<ActionResult> {
  const refused = actionRefusals(action, context.access);
  if (refused.length > 0) return { outcome: 'failed', seen: seenText(`not begun: ${refused.join('; ')}`) };
  try {
    const { webhook } = action;
    const result = webhook
      ? await callWebhook({ key, webhook: read(webhookSchema, webhook), message }, context)
      : await runCommand(action.command, context);
    return { ...result, seen: seenText(result.seen) };
  } catch (error) {
    if (error instanceof CannotRun) return { outcome: 'failed', seen: seenText(`not begun: ${error.message}`) };
    // Of an error that nobody foresaw nothing is told: its message may hold anything.
    return { outcome: 'unknown', seen: 'the action broke' };
  }
}
