import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { PAYLOAD_CONVERTER_PATH } from '../../worker/bundle';
import { testBundle } from '../support/workflows';

/** Recorded by `test/support/record-histories.ts`. */
const FOLDER = join(__dirname, '..', 'histories');

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function historyOf(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
}

async function replay(name: string, workflowBundle: WorkflowBundle): Promise<void> {
  const dataConverter = { payloadConverterPath: PAYLOAD_CONVERTER_PATH };
  await Worker.runReplayHistory({ workflowBundle, dataConverter }, historyOf(name), 'launch:demo');
}

/** The workflows with one more command, which none of them makes, at the very beginning: a change that histories do not know. */
async function changedBundle(): Promise<WorkflowBundle> {
  const folder = mkdtempSync(join(__dirname, '..', '..', 'workflows', '.changed-'));
  try {
    writeFileSync(
      join(folder, 'index.ts'),
      `import { upsertMemo } from '@temporalio/workflow';
import * as real from '..';
const later = (workflow: (input: never) => Promise<unknown>) => async (input: never) => {
  upsertMemo({ changed: true });
  return workflow(input);
};
export const launchWorkflow = later(real.launchWorkflow as never);
export const itemWorkflow = later(real.itemWorkflow as never);
export const standupWorkflow = later(real.standupWorkflow as never);
`
    );
    const logger = new DefaultLogger('ERROR');
    return await bundleWorkflowCode({ workflowsPath: folder, payloadConverterPath: PAYLOAD_CONVERTER_PATH, logger });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('launches, items and standups have been recorded, on one run and over several', () => {
  expect(names.toSorted()).toEqual([
    'item-decision.json',
    'item-dropped.json',
    'item-regression.json',
    'item-watched-after-go.json',
    'launch-continued-first-run.json',
    'launch-continued-last-run.json',
    'launch-delay-then-go.json',
    'launch-go-tried-again.json',
    'launch-go.json',
    'launch-standup.json',
    'standup.json',
  ]);
});

test.each(names)(
  '%s is replayed by the workflows of today',
  async (name) => {
    await replay(name, await testBundle());
  },
  30_000
);

test('workflows that were changed cannot replay any of them', async () => {
  const changed = await changedBundle();
  for (const name of names) {
    await expect(replay(name, changed)).rejects.toThrow(DeterminismViolationError);
  }
});
