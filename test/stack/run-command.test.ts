import { until } from '../support/until';
import { isRunning } from '../support/running';
import { killRunningCommands, runCommand } from '../../stack/run-command';

/** A shell that has started another program, which holds its output open. */
const PARENT = ['-c', 'sleep 600 & echo $!; wait'];

test('out of time it ends with all that it has started, and says so', async () => {
  const { code, lastLines } = await runCommand('sh', PARENT, { timeoutMs: 500 });
  const [child, why] = lastLines.split('\n');
  expect([code, why]).toEqual([null, '(killed by SIGKILL)']);
  expect(Number(child)).toBeGreaterThan(1);
  await until('its child to be gone', () => !isRunning(Number(child)));
});

test('nothing outlives whoever ran it', async () => {
  const pids: number[] = [];
  const ended = runCommand('sh', PARENT, { onLine: (line) => void pids.push(Number(line)) });
  await until('its child', () => pids.length === 1);
  killRunningCommands();
  expect((await ended).code).toBeNull();
  await until('its child to be gone', () => !isRunning(pids[0]!));
});
