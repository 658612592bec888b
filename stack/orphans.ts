import { WorkflowClient, type Connection } from '@temporalio/client';

const RUNNING = "ExecutionStatus = 'Running'";
/** `launch:LAUNCH:item:ITEM`; neither part holds a colon. */
const ITEM_ID = /^(launch:[^:]+):item:[^:]+$/;

async function runningIds(client: WorkflowClient, workflowType: string): Promise<string[]> {
  const ids: string[] = [];
  const query = `WorkflowType = '${workflowType}' AND ${RUNNING}`;
  for await (const { workflowId } of client.list({ query })) ids.push(workflowId);
  return ids;
}

/**
 * Items that run although their launch does not: an item ends itself as soon as it finds out, so one that stays here
 * has no worker, or was started by hand. Gives workflow ids.
 */
export async function findOrphans(connection: Connection, namespace: string): Promise<string[]> {
  const client = new WorkflowClient({ connection, namespace });
  const [items, launches] = await Promise.all([
    runningIds(client, 'itemWorkflow'),
    runningIds(client, 'launchWorkflow'),
  ]);
  const known = new Set(launches);
  return items.filter((id) => !known.has(ITEM_ID.exec(id)?.[1] ?? ''));
}
