import type { LedgerHead } from '../domain/ledger';
import { readHead } from '../domain/ledger';
import { launchWorkflowId, ledgerQuery, type LaunchResult } from '../workflows/messages';
import type { Connected } from './connection';
import { withDeadline } from './connection';
import { isNotFound } from './errors';

/** The newest head of the ledger that Temporal keeps for a launch: its result's, or what it says while it runs. */
export interface HeadInTemporal {
  head: LedgerHead;
  from: string;
}

/** Nothing where Temporal has no such launch (any more), or that knows none. `ask` asks the running launch. */
export async function headInTemporal(
  connected: Connected,
  launch: string,
  ask: (what: typeof ledgerQuery) => Promise<LedgerHead | null>
): Promise<HeadInTemporal | undefined> {
  const handle = connected.client.workflow.getHandle(launchWorkflowId(launch));
  try {
    const { status } = await withDeadline(connected, () => handle.describe());
    if (status.name === 'COMPLETED') {
      const result = (await withDeadline(connected, () => handle.result())) as Partial<LaunchResult>;
      const head = readHead(result.ledger);
      return head && { head, from: "the launch's result in Temporal" };
    }
    const head = readHead(await ask(ledgerQuery));
    return head && { head, from: status.name === 'RUNNING' ? 'the running launch' : 'the launch in Temporal' };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
