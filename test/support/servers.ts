import { TestWorkflowEnvironment } from '@temporalio/testing';
import { ensureSearchAttributes, SEARCH_ATTRIBUTES, TYPE_CODES } from '../../worker/search-attributes';

/** Set by the global set-up, which finds or obtains both before any test runs. */
export const TEST_SERVER_VARIABLE = 'LAUNCH_TEST_SERVER';
export const TEMPORAL_VARIABLE = 'LAUNCH_TEMPORAL_CLI';

/** A missing server is a failure, never a reason to skip. */
function pathFrom(variable: string): string {
  const path = process.env[variable];
  if (path) return path;
  throw new Error(`${variable} is not set: run the tests with jest and its configuration, whose set-up provides it`);
}

/** The program that workflow tests run on; its clock skips ahead whenever nothing else is to be done. */
export function testServerPath(): string {
  return pathFrom(TEST_SERVER_VARIABLE);
}

/** A `temporal` program for tests that need a real server. */
export function temporalPath(): string {
  return pathFrom(TEMPORAL_VARIABLE);
}

/** The SDK gives a server five seconds to start, which a busy machine may need for the program alone. */
async function started(start: () => Promise<TestWorkflowEnvironment>): Promise<TestWorkflowEnvironment> {
  for (let left = 3; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/**
 * `teardown()` ends the server and leaves the client's connection to the end of the process: closed under a call that
 * still waits, it would throw from that call's next try, in whatever test runs then.
 */
function leavingConnection(env: TestWorkflowEnvironment): TestWorkflowEnvironment {
  env.connection.close = () => Promise.resolve();
  return env;
}

/** A fresh time-skipping server with the search attributes registered. Ends with `teardown()`. */
export async function timeSkippingServer(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: testServerPath() } as const;
  const env = await started(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
  // This server can register search attributes and cannot list them.
  const searchAttributes = Object.fromEntries(
    Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPE_CODES[type]])
  );
  await env.connection.operatorService.addSearchAttributes({ namespace: env.namespace ?? 'default', searchAttributes });
  return leavingConnection(env);
}

/**
 * A fresh development server, in memory, with the search attributes registered. Ends with `teardown()`.
 * `more` are further arguments of `temporal server start-dev`.
 */
export async function devServer(more: string[] = []): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: temporalPath() } as const;
  const searchAttributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  const env = await started(() =>
    TestWorkflowEnvironment.createLocal({
      server: { executable, extraArgs: [...searchAttributes, ...more] },
    })
  );
  await ensureSearchAttributes(env.connection, env.namespace ?? 'default');
  return leavingConnection(env);
}
