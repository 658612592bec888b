import type { Command } from 'commander';
import { readConfig } from '../config';
import type { readAccess } from '../worker/access';

export interface ChecksOptions {
  config?: string;
  allowLocalChecks?: boolean;
}

export function withChecksOptions(made: Command): Command {
  return made
    .option('--config <file>', 'what checks may reach; else LAUNCH_CONFIG, else launch-director.yaml where one stands')
    .option('--allow-local-checks', 'checks may ask this machine and private addresses too');
}

/** As `readAccess` takes them: the option, else the environment. @throws ConfigError */
export function accessOptions({ config, allowLocalChecks = false }: ChecksOptions) {
  return { file: config ?? readConfig().config, allowLocal: allowLocalChecks };
}

/** What checks may ask, in one line; `config` is the file that says so. */
export function accessText({ hosts, allowLocal }: ReturnType<typeof readAccess>, config: string | undefined): string {
  const asked = hosts === undefined ? 'public addresses' : hosts.length === 0 ? 'no host' : hosts.join(', ');
  const local = allowLocal ? ', and this machine and private networks too' : '';
  const by = config === undefined ? '' : ` (${config})`;
  const hint = allowLocal || hosts !== undefined ? '' : '; not this machine, unless you give --allow-local-checks';
  return `may ask ${asked}${local}${by}${hint}`;
}
