import type { Command } from 'commander';
import { DEPLOYMENT_NAME, readConfig, VERSION_ID, type Config } from '../config';
import { CliError } from './failure';

export interface DeploymentOptions {
  deployment?: string;
  buildId?: string;
}

export function withDeploymentOptions(made: Command): Command {
  return made
    .option('--deployment <name>', 'the Worker Deployment of which it is a version; else LAUNCH_DEPLOYMENT')
    .option('--build-id <id>', "its version there; else LAUNCH_BUILD_ID, else this release and its workflows' digest");
}

function checked(option: string, value: string | undefined, fits: RegExp): string | undefined {
  if (value === undefined || fits.test(value)) return value;
  throw new CliError('BAD_INPUT', `${option} ${value}: expected at most 100 letters, digits, - and _`);
}

/** The options, else the environment. @throws CliError BAD_INPUT, ConfigError */
export function deploymentOf(given: DeploymentOptions): Pick<Config, 'deployment' | 'buildId'> {
  const { deployment, buildId } = readConfig();
  const named = {
    deployment: checked('--deployment', given.deployment, DEPLOYMENT_NAME) ?? deployment,
    buildId: checked('--build-id', given.buildId, VERSION_ID) ?? buildId,
  };
  if (named.buildId === undefined || named.deployment !== undefined) return named;
  throw new CliError('BAD_INPUT', 'A build id is a version of a deployment: say which, --deployment NAME');
}
