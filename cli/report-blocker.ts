import type { Speaker } from '../client/speaker';
import { findPerson } from '../domain/people';
import { unknownPerson } from '../domain/speakers';
import { askReport, type Known } from './ask-report';
import { collect, command, printAccepted, type CommonOptions, type Context } from './command';
import { CliError } from './failure';
import { checkReport, readReport, type ReportFields } from './report-fields';
import { acting, keyOf, whenFrame } from './say';
import { mustBeNamed } from './way';
import { resolveWhen } from './when';

interface Options {
  file?: string;
  impact?: string;
  owner?: string[];
  priority?: string;
  severity?: string;
  deadline?: string;
  acceptance?: string[];
}

function given({ impact, owner: owners, priority, severity, deadline, acceptance }: Options, words: readonly string[]) {
  const title = words.length > 0 ? words.join(' ') : undefined;
  const all = { title, impact, owners, priority, severity, deadline, acceptance };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** From options, which come before what a file says; on a terminal without a title everything is asked. */
async function fieldsOf(context: Context<Options>, launch: string, words: readonly string[]): Promise<ReportFields> {
  const { options } = context;
  const said = given(options, words);
  if (options.file !== undefined) return checkReport({ ...(await readReport(options.file)), ...said }, 'the report');
  if (words.length > 0) return checkReport(said, 'the report');
  if (!process.stdin.isTTY || options.json) {
    const message = 'Give a title, or the whole report as JSON: --file FILE, or --file - for standard input.';
    throw new CliError('BAD_INPUT', message);
  }
  const asked = await askReport({ input: process.stdin, output: process.stderr }, await knownTo(options, launch));
  return checkReport({ ...asked, ...said }, 'the report');
}

export const reportBlocker = () =>
  command<Options>(
    'report-blocker <launch> [title...]',
    {
      summary: 'report what nobody has planned; until it is reviewed the launch cannot be GO',
      examples: [
        'launch report-blocker storefront-2 --as pilot',
        'launch report-blocker storefront-2 "Checkout loses carts" --priority P0 --owner qa --deadline +4h --as pilot',
        'launch report-blocker storefront-2 "Slow search" --impact "users leave" --acceptance "p95 below 1 s" --as pilot',
        'launch report-blocker storefront-2 --file blocker.json --as pilot',
      ],
      says: true,
    },
    async (context, [launch = '', ...words]) => {
      // Who reports is clear before anything is asked.
      mustBeNamed(context.options);
      const { deadline, ...fields } = await fieldsOf(context, launch, words);
      const { options } = context;
      const accepted = await acting(options, async (speaker) => {
        const due = deadline === undefined ? undefined : await dueAt(speaker, launch, deadline);
        return await speaker.tell(launch, { type: 'reportBlocker', ...fields, deadline: due, ...keyOf(options) });
      });
      printAccepted(context, accepted);
    }
  )
    .option('--file <path>', 'the report as a JSON object with the fields below; - is standard input')
    .option('--impact <text>', 'what cannot be done because of it')
    .option('--owner <person>', 'who should resolve it; may be repeated', collect)
    .option('--priority <P0..P4>', 'how urgent it is')
    .option('--severity <word>', 'critical, high, medium or low')
    .option('--deadline <when>', 'by when it must be resolved: a date, +4h, or T-1d')
    .option('--acceptance <criterion>', 'when it counts as resolved; may be repeated', collect);

async function dueAt(speaker: Speaker, launch: string, deadline: string): Promise<number> {
  return resolveWhen(deadline, '--deadline', await whenFrame(speaker, launch));
}

/** What the launch knows of people and time; where there is no such launch that is said before anything is asked. */
async function knownTo(options: CommonOptions, launch: string): Promise<Known> {
  const ask = (speaker: Speaker) => Promise.all([whenFrame(speaker, launch), speaker.plan(launch)]);
  const [frame, { people }] = await acting(options, ask);
  return {
    owners: (owner) => (findPerson(people, owner) ? undefined : unknownPerson(people, owner).message),
    deadline: (deadline) => {
      try {
        return resolveWhen(deadline, 'the deadline', frame) > Date.now()
          ? undefined
          : 'a deadline must lie in the future';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
