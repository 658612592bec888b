import type { LedgerHead } from '../domain/ledger';
import { newerHead, readHead } from '../domain/ledger';
import type { KeptHead } from '../domain/ledger-chain';
import { ITEM_WORKFLOW, itemWorkflowId, launchWorkflowId } from '../workflows/messages';
import type { Connected } from './connection';
import { withDeadline } from './connection';
import { isNotFound } from './errors';

/** Workflows that are asked at once. */
const AT_ONCE = 10;

type Ask = (workflowId: string) => Promise<LedgerHead | null>;

/** A head, and in words who has kept it. */
export type HeadInTemporal = Required<KeptHead>;

/** The heads of a launch's ledger that Temporal keeps. */
export interface HeadsInTemporal {
  /** The launch's own, and the newest that one of its items knows: items write too. */
  heads: HeadInTemporal[];
  /** Why one of them could not be asked. */
  unasked?: unknown;
}

/**
 * Of a workflow that is over its result, of one that runs what it says.
 * @param ask asks the workflow itself
 * @returns no heads where Temporal has no such launch (any more), or that knows none
 */
export async function headsInTemporal(connected: Connected, launch: string, ask: Ask): Promise<HeadsInTemporal> {
  const found: HeadsInTemporal = { heads: [] };
  const head = async (workflowId: string): Promise<{ head?: LedgerHead }> => {
    try {
      return await headOf(connected, workflowId, ask);
    } catch (error) {
      found.unasked ??= error;
      return {};
    }
  };
  const own = await headInTemporal(connected, launch, ask).catch((error) => void (found.unasked ??= error));
  if (own) found.heads.push(own);
  let newest: { id: string; head: LedgerHead } | undefined;
  const ids = (await itemWorkflows(connected, launch).catch((error) => void (found.unasked ??= error))) ?? [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    for (const [index, { head: known }] of (await Promise.all(some.map(head))).entries()) {
      if (known && newerHead(newest?.head, known) === known) newest = { id: some[index]!, head: known };
    }
  }
  const item = newest?.id.slice(itemWorkflowId(launch, '').length);
  if (newest && item) found.heads.push({ ...newest.head, from: `item ${item} in Temporal` });
  return found;
}

/** As `headsInTemporal`, of the launch itself. @throws where it cannot be asked */
export async function headInTemporal(
  connected: Connected,
  launch: string,
  ask: Ask
): Promise<HeadInTemporal | undefined> {
  const { head, isOver } = await headOf(connected, launchWorkflowId(launch), ask);
  return head && { ...head, from: isOver ? "the launch's result in Temporal" : 'the running launch' };
}

async function headOf(connected: Connected, workflowId: string, ask: Ask) {
  const handle = connected.client.workflow.getHandle(workflowId);
  try {
    const { status } = await withDeadline(connected, () => handle.describe());
    const isOver = status.name === 'COMPLETED';
    if (!isOver) return { head: readHead(await ask(workflowId)), isOver };
    const result = (await withDeadline(connected, () => handle.result())) as { ledger?: unknown };
    return { head: readHead(result.ledger), isOver };
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}

async function itemWorkflows(connected: Connected, launch: string): Promise<string[]> {
  const prefix = itemWorkflowId(launch, '').replaceAll("'", "''");
  const query = `WorkflowType = '${ITEM_WORKFLOW}' AND WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus != 'ContinuedAsNew'`;
  return await withDeadline(connected, async () => {
    const ids: string[] = [];
    for await (const { workflowId } of connected.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  });
}
