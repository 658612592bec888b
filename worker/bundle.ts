import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { minify } from 'terser';

/** The compiled converter that workflow code, worker and client share. */
export const PAYLOAD_CONVERTER_PATH = require.resolve('./payload-converter');

/** Where the build leaves the bundle, beside the compiled workflows. */
export const BUNDLE_PATH = join(__dirname, '..', 'workflow-bundle.js');

/** Bundles the workflows; about two seconds. */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve('../workflows'),
    payloadConverterPath: PAYLOAD_CONVERTER_PATH,
    logger: new DefaultLogger('WARN'),
  });
  return withoutComments(code);
}

/**
 * Half of what is bundled are comments, and every workflow that is not in memory loads it anew. Names stay as they are:
 * Temporal finds workflows by the name of their function, and a stack trace should say something.
 */
async function withoutComments(bundle: string): Promise<string> {
  const { code } = await minify(bundle, {
    mangle: false,
    compress: false,
    format: { comments: false },
    // The worker looks for `file` in the map.
    sourceMap: { content: 'inline', url: 'inline', filename: 'workflow-bundle.js' },
  });
  if (code === undefined) throw new Error('the workflow bundle came out empty');
  return code;
}

/** The bundle that the build made, or a new one where there is none. */
export async function workflowBundle(): Promise<WorkflowBundle> {
  return { code: existsSync(BUNDLE_PATH) ? readFileSync(BUNDLE_PATH, 'utf8') : await bundleWorkflows() };
}

async function write(): Promise<void> {
  mkdirSync(dirname(BUNDLE_PATH), { recursive: true });
  writeFileSync(BUNDLE_PATH, await bundleWorkflows());
}

if (require.main === module) void write();
