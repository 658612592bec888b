import type { Connected } from '../client/connection';
import { runCommand } from '../stack/run-command';

/** Processor seconds so far and bytes, by `ps`; undefined where there is none. */
export async function processOf(pid: number | null): Promise<{ cpu: number; rss: number } | undefined> {
  if (pid === null) return undefined;
  const { code, lastLines } = await runCommand('ps', ['-o', 'rss=,time=', '-p', String(pid)], { timeoutMs: 5_000 });
  const [rss = '', time = ''] = lastLines.trim().split(/\s+/);
  if (code !== 0 || time === '') return undefined;
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = clock!.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
  return { cpu: 86_400 * Number(days) + seconds, rss: 1_024 * Number(rss) };
}

/** The events of every history of ours together, and how many there are. */
export async function countEvents({ client }: Connected): Promise<{ events: number; workflows: number }> {
  let [events, workflows] = [0, 0];
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list()) ids.push(workflowId);
  for (const id of ids) {
    workflows++;
    events += (await client.workflow.getHandle(id).describe()).historyLength;
  }
  return { events, workflows };
}
