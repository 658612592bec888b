import type { VersionSummary } from '../client/versions';
import { command, type Context } from './command';
import { deploymentOf, withDeploymentOptions, type DeploymentOptions } from './deployment-options';
import { CliError } from './failure';
import { clean, pad } from './text';

interface Options extends DeploymentOptions {
  show?: boolean;
}

/** For workers that are being started together with it: pulling an image apart. */
const WORKER_WITHIN_MS = 120_000;

const MEANINGS: Readonly<Record<VersionSummary['state'], string>> = {
  new: 'no launch has begun on it',
  current: 'new launches begin on it',
  ramping: 'a part of the new launches begin on it',
  draining: 'keep its workers: what is under way ends on it',
  drained: 'its workers may be stopped',
  unknown: '',
};

function line({ buildId, state, launches }: VersionSummary): string {
  const under = launches === 1 ? '1 launch under way' : `${launches} launches under way`;
  return `${pad(state, 8)}  ${clean(buildId)}  ${under}; ${MEANINGS[state]}`;
}

async function rollOut({ options, say, answer, session }: Context<Options>): Promise<void> {
  const { deployment, buildId } = deploymentOf(options);
  if (deployment === undefined)
    throw new CliError('BAD_INPUT', 'Say which deployment: --deployment NAME, or set LAUNCH_DEPLOYMENT.');
  const [{ makeCurrent, versionsOf }, { versionOf }] = await Promise.all([
    import('../client/versions.js'),
    import('../worker/version.js'),
  ]);
  const version = await versionOf({ deployment, buildId });
  await session(async ({ connected }) => {
    if (version && !options.show) await makeCurrent(connected, version, WORKER_WITHIN_MS);
    const versions = await versionsOf(connected, deployment);
    if (versions.length === 0) say(`No worker of ${deployment} has ever polled here.`);
    for (const each of versions) say(line(each));
    answer({ deployment, current: versions.find(({ state }) => state === 'current')?.buildId ?? null, versions });
  });
}

export const rollout = () =>
  withDeploymentOptions(
    command<Options>(
      'rollout',
      {
        summary: 'let new launches begin on this version of the workers; those under way stay on theirs',
        examples: [
          'launch rollout --deployment launches',
          'launch rollout --deployment launches --show',
          'launch rollout --deployment launches --build-id 0.1.0-4f1c2a90b7de',
        ],
      },
      rollOut
    )
  ).option('--show', 'change nothing: only say which versions there are');
