import { Command } from 'commander';
import type { Style } from './style';
import { styleFor } from './style';
import type { Accepted } from '../client/tell';
import { CliError, printFailure } from './failure';
import type { Session } from './target';
import { withSession } from './target';
import { asJson, cleanLines } from './text';

/** What every command takes. */
export interface CommonOptions {
  data: string;
  json?: boolean;
  as?: string;
  key?: string;
}

/** What a command's work gets: its options, where to print, and how to reach the launches. */
export interface Context<Options> {
  options: Options & CommonOptions;
  style: Style;
  /** For people: nothing is printed with --json. */
  say(text: string): void;
  /** For programs: the one object that is printed with --json. */
  answer(value: unknown): void;
  /** Who acts. @throws CliError where nobody is named */
  who(): string;
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** Absent optional arguments are undefined; `...` arguments follow one another. */
export type Work<Options> = (context: Context<Options>, args: readonly string[]) => Promise<number | void>;

export const DEFAULT_DATA = '.launch';

function contextOf<Options>(options: Options & CommonOptions): Context<Options> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    options,
    style: styleFor(process.stdout),
    say: (text) => (options.json ? undefined : print(text)),
    answer: (value) => (options.json ? print(asJson(value)) : undefined),
    who: () => {
      const who = options.as ?? process.env['LAUNCH_AS'];
      if (who) return who;
      throw new CliError('BAD_INPUT', 'Say who acts: --as PERSON, or set LAUNCH_AS.');
    },
    session: (work) => withSession(options.data, work),
  };
}

/**
 * A command with the options that all have; `work` may return its exit code. Whatever it throws is printed as one
 * clear message and becomes an exit code.
 */
export function command<Options = object>(
  usage: string,
  { summary, examples, acts = false }: { summary: string; examples: string[]; acts?: boolean },
  work: Work<Options>
): Command {
  const made = new Command(usage.split(' ')[0]).summary(summary).description(summary);
  made.usage(usage.slice(usage.indexOf(' ') + 1));
  for (const argument of usage.split(' ').slice(1)) made.argument(argument);
  made.option('--data <dir>', 'the folder of the local stack', process.env['LAUNCH_DATA'] || DEFAULT_DATA);
  made.option('--json', 'print one JSON object');
  if (acts) {
    made.option('--as <person>', 'who acts (or LAUNCH_AS)');
    made.option('--key <key>', 'the same key again is not done twice');
  }
  made.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
  made.action(async (...given: unknown[]) => {
    const options = made.opts<Options & CommonOptions>();
    const args = given.slice(0, -2).flatMap((arg) => (Array.isArray(arg) ? arg : [arg])) as string[];
    try {
      process.exitCode = (await work(contextOf(options), args)) ?? 0;
    } catch (error) {
      process.exitCode = printFailure(error, options.json === true);
    }
  });
  return made;
}

/** For an option that may be given several times. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Prints what a launch or an item has answered. */
export function printAccepted({ say, answer, style }: Context<object>, accepted: Accepted): void {
  say(`${style.green('✓')} ${cleanLines(accepted.text)}`);
  answer(accepted);
}
