import { Command } from 'commander';
import type { Style } from './style';
import { styleFor } from './style';
import type { Accepted } from '../client/tell';
import { CliError, printFailure } from './failure';
import type { Session } from './target';
import { withSession } from './target';
import { asJson, cleanLines } from './text';
import { who } from './way';

/** What every command takes. */
export interface CommonOptions {
  data: string;
  json?: boolean;
  as?: string;
  key?: string;
  gateway?: string;
  tokenFile?: string;
  /** To Temporal itself, past the gateway. */
  direct?: boolean;
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
    who: () => who(options),
    session: (work) => withSession(options.data, work),
  };
}

interface Described {
  summary: string;
  examples: string[];
  /** It is somebody who does it. */
  acts?: boolean;
  /** It says something to a launch, by the gateway. */
  says?: boolean;
}

/** What a header of a request can carry, so that a key is the same by every way. */
const KEY = /^[\x21-\x7e]{1,200}$/;

function readKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new CliError('BAD_INPUT', '--key takes 1 to 200 ASCII letters, digits and signs, without a space.');
}

function addSpeaking(made: Command): void {
  made.option('--gateway <url>', "where the gateway is (or LAUNCH_GATEWAY, else the stack's)");
  made.option('--token-file <path>', 'a file with your token for it (or LAUNCH_TOKEN, LAUNCH_TOKEN_FILE)');
  made.option('--direct', 'to Temporal itself, past the gateway, for whoever can reach it');
}

/**
 * A command with the options that all have; `work` may return its exit code. Whatever it throws is printed as one
 * clear message and becomes an exit code.
 */
export function command<Options = object>(
  usage: string,
  { summary, examples, acts = false, says = false }: Described,
  work: Work<Options>
): Command {
  const made = new Command(usage.split(' ')[0]).summary(summary).description(summary);
  made.usage(usage.slice(usage.indexOf(' ') + 1));
  for (const argument of usage.split(' ').slice(1)) made.argument(argument);
  made.option('--data <dir>', 'the folder of the local stack', process.env['LAUNCH_DATA'] || DEFAULT_DATA);
  made.option('--json', 'print one JSON object');
  if (acts || says) {
    made.option('--as <person>', 'who acts (or LAUNCH_AS); a token of their own says it by itself');
    made.option('--key <key>', 'the same key again is not done twice', readKey);
  }
  if (says) addSpeaking(made);
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
