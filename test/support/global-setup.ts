import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../stack/paths';
import { locateTemporal } from '../../stack/temporal';
import { locateTestServer } from '../../stack/test-server';
import { startTestPostgres } from './database';
import { BUILD_FAILED_VARIABLE } from './built';
import { TEMPORAL_VARIABLE, TEST_SERVER_VARIABLE } from './servers';

declare global {
  var launchTestPostgres: { stop(): Promise<void> } | undefined;
}

/** Everything that tests need and a fresh clone does not have. Whatever is missing ends the run here, with why. */
async function setUp(): Promise<void> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const build = spawnSync(process.execPath, [join(projectRoot(), 'tools', 'build.mjs')], { stdio: 'inherit' });
  // Tests that run what is built fail then; the others still tell something. `npm test` does not come this far.
  if (build.status !== 0) process.env[BUILD_FAILED_VARIABLE] = '1';
  process.env[TEST_SERVER_VARIABLE] = (await locateTestServer({ report })).path;
  process.env[TEMPORAL_VARIABLE] = (await locateTemporal({ report })).path;
  globalThis.launchTestPostgres = await startTestPostgres();
}

module.exports = setUp;
