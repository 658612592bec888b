import { createHash } from 'node:crypto';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { Config } from '../config';
import { packageVersion } from '../version';
import { workflowBundle } from './bundle';

/** Enough to tell two bundles of one release apart. */
const DIGEST_DIGITS = 12;

/**
 * The version of this code: its release and a digest of the workflows' bundle, the same on every machine that runs one
 * image. Two releases never share it, nor do two builds of one release whose workflows differ.
 */
async function buildIdOfCode(): Promise<string> {
  const { code } = await workflowBundle();
  // The map at its end names the folder that it was built in.
  const [workflows = ''] = code.split('//# sourceMappingURL=', 1);
  return `${packageVersion()}-${createHash('sha256').update(workflows).digest('hex').slice(0, DIGEST_DIGITS)}`;
}

/** Which version a worker of this code is; nothing where it belongs to no deployment. */
export async function versionOf({
  deployment,
  buildId,
}: Pick<Config, 'deployment' | 'buildId'>): Promise<WorkerDeploymentVersion | undefined> {
  if (deployment === undefined) return undefined;
  return { deploymentName: deployment, buildId: buildId ?? (await buildIdOfCode()) };
}
