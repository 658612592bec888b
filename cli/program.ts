import { Command, CommanderError } from 'commander';
import { nearest } from '../plan/nearest';
import { packageVersion } from '../version';
import { ack } from './ack';
import { amend } from './amend';
import { announce } from './announce';
import { assign } from './assign';
import { attest } from './attest';
import { cancel } from './cancel';
import { comment } from './comment';
import { decide } from './decide';
import { doctor } from './doctor';
import { CliError, printFailure } from './failure';
import { gateway } from './gateway';
import { hold } from './hold';
import { importCommand } from './import';
import { ledger } from './ledger';
import { metrics } from './metrics';
import { migrate } from './migrate';
import { outbox } from './outbox';
import { playground } from './playground';
import { release } from './release';
import { reopen } from './reopen';
import { report } from './report';
import { reportBlocker } from './report-blocker';
import { reschedule } from './reschedule';
import { resolve } from './resolve';
import { retract } from './retract';
import { retryActions } from './retry-actions';
import { reviewBlocker } from './review-blocker';
import { rollout } from './rollout';
import { signOff } from './sign-off';
import { standup } from './standup';
import { start } from './start';
import { status } from './status';
import { todo } from './todo';
import { tokenCommand } from './token';
import { up } from './up';
import { validate } from './validate';
import { verify } from './verify';
import { waive } from './waive';
import { worker } from './worker';

const GROUPS: ReadonlyArray<[title: string, commands: ReadonlyArray<() => Command>]> = [
  ['Run it', [up, playground, worker, rollout, gateway, tokenCommand, metrics, migrate, doctor]],
  ['Plans', [importCommand, validate, start]],
  ['See', [status, todo, standup, report, outbox, ledger, announce]],
  ['Items', [ack, attest, retract, resolve, decide, waive, assign, reopen, comment, verify]],
  ['The launch', [signOff, hold, release, reschedule, amend, reportBlocker, reviewBlocker, retryActions, cancel]],
];

const SHORT_HELP = `launch runs a production launch: blockers, decisions and sign-offs, and GO or DELAY at the instant.

  launch up --example             everything on this machine, with an example
  launch start PLAN               start a launch of a plan (launch validate, launch import)
  launch status                   the board: the verdict, and who is awaited
  launch todo --as PERSON         what that person can do now

All commands: launch --help`;

const EXIT_CODES = `
Exit codes: 0 done, 1 refused or not passed, 2 bad input, 3 cannot reach a service.
With --json every command prints one object; a failure is { "error": { "code", "message", "details" } }.
The stack is the one of --data DIR (or LAUNCH_DATA, else .launch) unless TEMPORAL_ADDRESS or TEMPORAL_PROFILE is set.`;

function unknownText(unknown: string, program: Command): string {
  if (unknown.startsWith('-')) return `there is no option '${unknown}' before a command; see: launch --help`;
  const near = nearest(
    unknown,
    program.commands.map((each) => each.name())
  );
  return `there is no command '${unknown}'${near ? `; did you mean 'launch ${near}'?` : '.'} See: launch --help`;
}

/** All commands, on one program that throws instead of exiting. */
export function createProgram(): Command {
  const program = new Command('launch');
  program.description('Runs a production launch on Temporal: GO or DELAY at the instant, with reasons.');
  program.version(packageVersion(), '--version', 'print the release');
  program.addHelpText('after', EXIT_CODES).exitOverride();
  program.helpCommand('help [command]', 'the help of a command');
  for (const [title, commands] of GROUPS) {
    program.commandsGroup(`${title}:`);
    // A command's own errors are thrown too.
    for (const make of commands) {
      const made = make().copyInheritedSettings(program);
      for (const each of made.commands) each.copyInheritedSettings(made);
      program.addCommand(made);
    }
  }
  program.allowExcessArguments().allowUnknownOption();
  program.action(() => {
    const [unknown] = program.args;
    if (unknown !== undefined) throw new CliError('BAD_INPUT', unknownText(unknown, program));
    process.stdout.write(`${SHORT_HELP}\n`);
  });
  return program;
}

/** The program, its commands, and theirs. */
export function everyCommand(program: Command): Command[] {
  return [program, ...program.commands.flatMap(everyCommand)];
}

function usage(error: CommanderError, program: Command, args: readonly string[]): CliError {
  const named = program.commands.find((each) => each.name() === args[0]);
  const inner = named?.commands.find((each) => each.name() === args[1]);
  const words = [named, inner].flatMap((each) => (each ? [`${each.name()} `] : []));
  const help = `See: launch ${words.join('')}--help`;
  return new CliError('BAD_INPUT', `${error.message.replace(/^error: /, '').replace(/\.$/, '')}. ${help}`);
}

/** Runs one command line (without node and the program). Sets the exit code and never throws. */
export async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  const program = createProgram();
  const quiet = { writeErr: () => undefined };
  for (const each of everyCommand(program)) each.configureOutput(quiet);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    process.exitCode = printFailure(error instanceof CommanderError ? usage(error, program, args) : error, json);
  }
}
