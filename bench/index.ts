/**
 * `npm run bench -- NAME [OPTIONS]`: measures on this machine and prints each figure beside its budget. Nothing is gated
 * by it: the exit code says whether it could be measured.
 */
import { checks } from './checks';
import { gateway } from './gateway';
import { ledger } from './ledger';
import { timers } from './timers';

/** Aborted when the person will not wait; what was started is stopped then. Returns the lines to print. */
export type Benchmark = (args: string[], signal: AbortSignal) => Promise<string[]>;

const BENCHMARKS: { readonly [name: string]: Benchmark } = { checks, gateway, ledger, timers };
const INTERRUPTED = 130;

async function main([name = '', ...args]: string[]): Promise<number> {
  const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!benchmark) {
    console.error(`usage: npm run bench -- NAME [OPTIONS]; NAME is one of ${Object.keys(BENCHMARKS).join(', ')}`);
    return 2;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  try {
    console.log((await benchmark(args, interrupt.signal)).join('\n'));
    return 0;
  } catch (error) {
    console.error(interrupt.signal.aborted ? 'Interrupted; everything is stopped' : String(error));
    return interrupt.signal.aborted ? INTERRUPTED : 1;
  }
}

// What is left open by a library must not keep it from ending.
void main(process.argv.slice(2)).then((code) => process.exit(code));
