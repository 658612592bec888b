import { command, type Context } from './command';
import { accessOptions, withChecksOptions, type ChecksOptions } from './checks-options';
import { deploymentOf, withDeploymentOptions, type DeploymentOptions } from './deployment-options';
import { CliError, EXIT } from './failure';
import { untilInterrupted } from './interrupted';
import { LOG_LEVELS, servicesOf } from './services';

interface Options extends ChecksOptions, DeploymentOptions {
  alone?: boolean;
  logLevel: string;
}

/** Temporal's native connection has errors of its own. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'TransportError') return error;
  const reason = /message: "([^"]+)"/.exec(error.message)?.[1] ?? error.message;
  const message = `Temporal does not answer (${reason}). Correct TEMPORAL_ADDRESS or the profile, or start it.`;
  return new CliError('UNREACHABLE', message, { exit: EXIT.unreachable });
}

async function run({ options, say, answer }: Context<Options>): Promise<void> {
  const { logLevel: level, alone = false, data } = options;
  if (!LOG_LEVELS.includes(level)) throw new CliError('BAD_INPUT', `--log-level takes one of ${LOG_LEVELS.join(', ')}`);
  const named = deploymentOf(options);
  const settings = await servicesOf(data, 'A worker without its ledger would lose facts');
  const [{ runWorker }, { readAccess }, { versionOf }, { pino, destination }] = await Promise.all([
    import('../worker/index.js'),
    import('../worker/access.js'),
    import('../worker/version.js'),
    import('pino'),
  ]);
  const access = readAccess(accessOptions(options));
  const version = await versionOf(named);
  // Standard output is for `ready`, which whoever started it waits for.
  const log = pino({ level }, destination(2));
  const ready = (): void => {
    if (version) say(`Version   ${version.buildId} of ${version.deploymentName}`);
    say('ready');
    answer({ ready: true, pid: process.pid, taskQueue: settings.taskQueue, version: version ?? null });
  };
  try {
    await runWorker({ ...settings, access, alone, version, log }, { stop: untilInterrupted(), ready });
  } catch (error) {
    throw explained(error);
  }
}

const made = () =>
  command<Options>(
    'worker',
    {
      summary: "run a worker: any number of them carry the launches; 'launch up' has one of its own",
      examples: [
        'TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgres://… launch worker',
        'TEMPORAL_PROFILE=cloud DATABASE_URL=postgres://… launch worker --deployment launches',
      ],
    },
    run
  );

export const worker = () =>
  withDeploymentOptions(withChecksOptions(made()))
    .option('--alone', "no other worker runs: take a killed one's launches over within a second")
    .option('--log-level <level>', LOG_LEVELS.join(', '), process.env['LOG_LEVEL'] || 'info');
