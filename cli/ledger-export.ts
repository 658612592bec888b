import { command } from './command';
import { CliError, EXIT } from './failure';
import { mustBeInLedger } from './in-ledger';
import { isSound, ledgerAnswer, ledgerLines } from './ledger-report';

interface Options {
  out?: string;
}

/** Waits until it has been taken, so that a slow reader holds up the reading and not the memory. */
function toStandardOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

export const ledgerExport = () =>
  command<Options>(
    'export <launch>',
    {
      summary: "a launch's whole ledger as JSON lines with its hashes, to keep or to hand to others",
      examples: [
        'launch ledger export storefront-2 > storefront-2.jsonl',
        'launch ledger export storefront-2 --out ledger.jsonl',
      ],
    },
    async ({ options, say, answer, style }, [launch = '']) => {
      const { out, json, data } = options;
      if (json && out === undefined)
        throw new CliError('BAD_INPUT', 'The ledger itself goes to standard output: give --out FILE with --json.');
      await mustBeInLedger(data, launch);
      const { exportLedger } = await import('../stack/ledger.js');
      const report = await (out === undefined ? exportLedger(data, launch, toStandardOutput) : toFile(out));
      // What is on standard output is the ledger alone.
      const tell = out === undefined ? (text: string) => void process.stderr.write(`${text}\n`) : say;
      for (const line of out === undefined && isSound(report) ? [] : ledgerLines(report, style)) tell(line);
      answer({ file: out, ...ledgerAnswer(report) });
      return isSound(report) ? EXIT.done : EXIT.refused;

      async function toFile(path: string) {
        const { open } = await import('node:fs/promises');
        const file = await open(path, 'w').catch((error: Error) => {
          throw new CliError('BAD_INPUT', `${path} cannot be written: ${error.message}`);
        });
        try {
          return await exportLedger(data, launch, async (text) => void (await file.write(text)));
        } finally {
          await file.close();
        }
      }
    }
  ).option('--out <file>', 'a file to write instead of standard output');
