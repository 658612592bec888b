import { decisionRecord } from '../domain/decision-record';
import type { Launches } from '../client/launches';
import { renderDecisions } from '../report/render-decision';
import type { Report } from '../report/schema';
import { command, type Context } from './command';
import { each } from './each';
import { CliError, failureOf } from './failure';
import { asJson, clean, cleanLines } from './text';
import { theLaunch } from './which-launch';

interface Options {
  html?: boolean;
  md?: boolean;
  decisions?: boolean;
  out?: string;
}

const WHICH = 'Say what to report: --html, --md or --json, one of them; or --decisions.';

async function decisions({ session, answer, say }: Context<Options>, given: string | undefined): Promise<void> {
  await session(async ({ launches }) => {
    const launch = await theLaunch(launches, given);
    const board = await launches.board(launch);
    const asked = board.items.filter(({ kind }) => kind === 'decision');
    const states = await each(asked, ({ id }) => launches.itemState(launch, id));
    const records = states.flatMap((state) => decisionRecord(state) ?? []);
    answer({ launch, title: board.title, decisions: records });
    say(renderDecisions({ title: board.title, zone: board.timezone }, records));
  });
}

/** Where Temporal is not there, there is the ledger still, of a launch that was named. */
async function reportOn({ session, options }: Context<Options>, given: string | undefined): Promise<Report> {
  const { readReport } = await import('../stack/launch-report.js');
  const read = async (launches: Launches) => await readReport(options.data, await theLaunch(launches, given), launches);
  let connected = false;
  try {
    return await session(async ({ launches }) => {
      connected = true;
      return await read(launches);
    });
  } catch (error) {
    if (connected || given === undefined) throw error;
    const away = async (): Promise<never> => Promise.reject(new Error(failureOf(error).failure.message));
    return await readReport(options.data, given, { board: away, ledgerHeads: away });
  }
}

async function rendered({ html, md }: Options, report: Report): Promise<string> {
  if (!html && !md) return `${asJson(report)}\n`;
  return (await import('../report/format.js')).written(report, html ? 'html' : 'md');
}

async function write(out: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  await writeFile(out, text).catch((error: Error) => {
    throw new CliError('BAD_INPUT', `${clean(out)} cannot be written: ${cleanLines(error.message)}`);
  });
}

function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

export const report = () =>
  command<Options>(
    'report [launch]',
    {
      summary: 'all that is worth keeping of a launch in one file, also when it is long over; or its decision records',
      examples: [
        'launch report storefront-2 --html > report.html',
        'launch report storefront-2 --md --out report.md',
        'launch report storefront-2 --json',
        'launch report storefront-2 --decisions',
        'launch report storefront-2 --decisions > decisions.md',
        'launch report storefront-2 --decisions --json',
      ],
    },
    async (context, [given]) => {
      const { options } = context;
      const { html, md, json, out } = options;
      const formats = [html, md, json].filter(Boolean).length;
      if (options.decisions) {
        if (html || md || out !== undefined)
          throw new CliError('BAD_INPUT', '--decisions prints Markdown, or with --json an object, and nothing else.');
        return await decisions(context, given);
      }
      if (formats !== 1) throw new CliError('BAD_INPUT', WHICH);
      const text = await rendered(options, await reportOn(context, given));
      if (out === undefined) return await print(text);
      await write(out, text);
      context.say(`The report is in ${clean(out)}.`);
      context.answer({ file: out });
    }
  )
    .option('--html', 'one page that needs nothing else, to read and to print')
    .option('--md', 'Markdown')
    .option('--out <file>', 'a file to write instead of standard output')
    .option('--decisions', 'each decision: context, options, choice, by whom, why, and dissent');
