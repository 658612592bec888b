import { TestEnvironment } from 'jest-environment-node';
import type { LastWord } from './last-words';

/** Where a test fails, what its pages show and its processes said last is printed: what comes once a month cannot be run again. */
class SayingWhy extends TestEnvironment {
  handleTestEvent = async ({ name }: { name: string }): Promise<void> => {
    if (name !== 'test_fn_failure' && name !== 'hook_failure') return;
    const words = (this.global as { lastWords?: Set<LastWord> }).lastWords ?? [];
    for (const say of words) process.stderr.write(`${await say().catch(String)}\n`);
  };
}

module.exports = SayingWhy;
