import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { reasonOf } from './errors';
import { compiled } from './paths';
import { elapsed, ticking, type Report } from './report';
import { runCommand } from './run-command';

/** A hundred megabytes over a slow line. */
const DOWNLOAD_WITHIN_MS = 5 * 60_000;
/** A network that drops packets instead of refusing them must not cost minutes before the next way is tried. */
const ANSWERS_WITHIN_MS = 5_000;
const DOWNLOAD_SITE = 'https://temporal.download/';

export type SdkServer = 'dev-server' | 'test-server';

export interface SdkDownload {
  server: SdkServer;
  /** `default` is the one that the SDK was released with. */
  version: string;
  into: string;
  executable: string;
  report: Report;
  env: NodeJS.ProcessEnv;
}

/**
 * Lets the Temporal SDK download one of its servers, in a process of its own, since a download that hangs inside the
 * SDK cannot be cancelled. Returns why it did not work, or nothing.
 */
export async function sdkDownload(download: SdkDownload): Promise<string | undefined> {
  const { server, version, into, executable, report, env } = download;
  if (env['LAUNCH_NO_DOWNLOAD']) return 'download: switched off by LAUNCH_NO_DOWNLOAD';
  const unreachable = await whyUnreachable(env);
  if (unreachable) return `download: ${DOWNLOAD_SITE} cannot be reached (${unreachable})`;

  const startedAt = Date.now();
  report(`Downloading Temporal's ${server} (about 50 MB)`);
  const args = [compiled('stack/sdk-download.js'), server, version, into];
  const child = runCommand(process.execPath, args, { timeoutMs: DOWNLOAD_WITHIN_MS, env });
  const { code, lastLines } = await ticking(report, 'downloading', child);
  if (code !== 0) return `download: ${lastLines.split('\n').at(-1) ?? 'failed'}`;
  const file = readdirSync(into).find((name) => !name.endsWith('.downloading'));
  if (!file) return 'download: the SDK left no file';
  renameSync(join(into, file), join(into, executable));
  report(`Downloaded in ${elapsed(startedAt)}`);
  return undefined;
}

/** Behind a proxy only the SDK's own client knows the way, so there it is not asked. */
async function whyUnreachable(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env['HTTPS_PROXY'] ?? env['https_proxy']) return undefined;
  try {
    await fetch(DOWNLOAD_SITE, { method: 'HEAD', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return undefined;
  } catch (error) {
    // fetch hides the reason in its cause.
    return reasonOf(error instanceof Error ? (error.cause ?? error) : error);
  }
}

/** The child: starts the server once from the SDK's download, which leaves the program in the folder. */
async function download(server: string, version: string, downloadDir: string): Promise<void> {
  const executable = { type: 'cached-download', version, downloadDir } as const;
  const env =
    server === 'dev-server'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await env.teardown();
}

if (require.main === module) {
  const [server = '', version = '', folder = ''] = process.argv.slice(2);
  download(server, version, folder).catch((error: unknown) => {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
  });
}
