import { Command } from 'commander';
import { ledgerExport } from './ledger-export';
import { ledgerRebuild } from './ledger-rebuild';
import { ledgerVerify } from './ledger-verify';

/** What can be done with the ledger. */
export const ledger = (): Command => {
  const made = new Command('ledger');
  made.summary('verify the ledger, export it, or make the rows of lists and pages anew from it');
  made.description(made.summary());
  for (const each of [ledgerVerify(), ledgerExport(), ledgerRebuild()]) made.addCommand(each);
  const examples = ['launch ledger verify', 'launch ledger export storefront-2 --out storefront-2.jsonl'];
  return made.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
};
