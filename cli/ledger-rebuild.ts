import { command } from './command';
import { EXIT } from './failure';
import { mustBeInLedger } from './in-ledger';
import { isSound, ledgerAnswer, ledgerLines } from './ledger-report';
import { clean, cut } from './text';

const VALUE_COLUMNS = 200;

const shown = (value: unknown): string => (value === null ? 'none' : cut(clean(JSON.stringify(value)), VALUE_COLUMNS));

export const ledgerRebuild = () =>
  command(
    'rebuild <launch>',
    {
      summary: 'make the rows of lists and pages anew from the ledger, and say what was not as it says',
      examples: ['launch ledger rebuild storefront-2'],
    },
    async ({ options, say, answer, style }, [launch = '']) => {
      await mustBeInLedger(options.data, launch);
      const { rebuildRows } = await import('../stack/ledger.js');
      const { report, differed } = await rebuildRows(options.data, launch);
      answer({ differed, ...ledgerAnswer(report) });
      if (!isSound(report)) {
        for (const line of ledgerLines(report, style)) say(line);
        say('Nothing was made anew from it.');
        return EXIT.refused;
      }
      for (const { row, was, is } of differed)
        say(`${style.yellow('~')} ${clean(row)}\n  was ${shown(was)}\n  is  ${shown(is)}`);
      if (differed.length === 0) say(`The rows of ${clean(launch)} were as its ledger says.`);
      return EXIT.done;
    }
  );
