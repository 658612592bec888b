import type { Readable } from 'node:stream';
import { commandCheck, type CommandCheck } from '../../plan/checks/command';
import { type Access, type AllowedCommand, argumentFits, ASK_OPERATOR, named } from './access';
import type { CheckType } from './check-type';
import { type Child, environmentOf, type Exit, type Program, startChild, untilAborted } from './child';
import { evaluate } from './operators';
import { redactor } from './redact';
import type { CheckContext, CheckResult, Finding } from './result';
import { CannotRun, failed, inconclusive, MAX_READ_BYTES, passed, quoted, worstOf } from './result';
import { jsonFindings, parseJson, textSubject, unlessEmpty } from './text-findings';

type Expected = NonNullable<CommandCheck['expect']>;
type Redact = (text: string) => string;

/**
 * What programs take for something else than a plain argument: options, "everything after this", standard input, a file
 * of further arguments. A pattern of the worker that is wider than it was meant to be must not let it through.
 */
const NOT_PLAIN = /^[-@]|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

const ruleOf = (name: string, access: Access) => named(access.commands, name, { one: 'command', key: 'commands' });

function argumentRefused(rule: AllowedCommand['args'][number], argument: string): string | undefined {
  if (typeof rule === 'object' && NOT_PLAIN.test(argument)) {
    return 'looks like an option, and a pattern never stands for one';
  }
  return argumentFits(rule, argument) ? undefined : 'is not what this worker allows there';
}

function refusals({ command, args = [] }: CommandCheck, access: Access): string[] {
  const found = ruleOf(command, access);
  if ('refused' in found) return [found.refused];
  const rules = found.value.args;
  if (rules.length !== args.length) {
    const counted = `takes ${rules.length} arguments on this worker, and the check gives ${args.length}`;
    return [`the command ${quoted(command)} ${counted} (\`commands\`); ${ASK_OPERATOR}`];
  }
  return args.flatMap((argument, index) => {
    const refused = argumentRefused(rules[index]!, argument);
    const which = `argument ${index + 1} of the command ${quoted(command)}, ${quoted(argument)},`;
    return refused === undefined ? [] : [`${which} ${refused} (\`commands\`); ${ASK_OPERATOR}`];
  });
}

interface Output {
  text: string;
  tooLong: boolean;
}

/** Reads what is looked at, and ends the program that writes too much of it. */
function collect(stream: Readable | null, child: Child): () => Output {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_READ_BYTES) return void chunks.push(chunk);
    stream.destroy();
    void child.end();
  });
  return () => ({ text: new TextDecoder().decode(Buffer.concat(chunks)), tooLong: size > MAX_READ_BYTES });
}

interface Run {
  exit: Exit;
  ms: number;
  output: Output;
  errorOutput: Output;
}

/** @returns undefined when the time was up before the end */
async function runToEnd(program: Program, signal: AbortSignal): Promise<Run | undefined> {
  const begun = performance.now();
  const child = await startChild(program, signal);
  try {
    const output = collect(child.process.stdout, child);
    const errorOutput = collect(child.process.stderr, child);
    const exit = await untilAborted(child.ended, signal);
    const ms = Math.round(performance.now() - begun);
    return exit && { exit, ms, output: output(), errorOutput: errorOutput() };
  } finally {
    void child.end();
  }
}

function exitFinding({ code, signal }: Exit, expected: Expected['exit'] = 0): Finding {
  if (signal) return failed(`was ended by ${signal}`);
  const wanted = [expected].flat();
  if (code !== null && wanted.includes(code)) return passed(`exited with ${code}`);
  return failed(`exited with ${code}, expected ${wanted.join(' or ')}`);
}

interface Looked {
  name: string;
  output: Output;
  heldOpen: boolean;
  redact: Redact;
}

/** Why an output proves nothing; undefined: it is all there. */
function unreadable({ name, output, heldOpen }: Looked): Finding | undefined {
  if (output.tooLong) return inconclusive(`${name} is longer than ${MAX_READ_BYTES / 1_048_576} MB`);
  return heldOpen ? inconclusive(`something that it left running still holds ${name} open`) : undefined;
}

function textFindings(looked: Looked, expected: Expected['output']): Finding[] {
  if (!expected) return [];
  const { name, output, redact } = looked;
  const text = output.text.replace(/[\r\n]+$/, '');
  return [
    unreadable(looked) ?? evaluate(expected, textSubject(name, unlessEmpty(text, expected), quoted(redact(text)))),
  ];
}

function outputAsJson(looked: Looked, expected: Expected['json']): Finding[] {
  if (!expected) return [];
  const problem = unreadable(looked);
  if (problem) return [problem];
  const parsed = parseJson(looked.output.text);
  return parsed ? jsonFindings(parsed.json, expected, looked.redact) : [inconclusive(`${looked.name} is not JSON`)];
}

function findingsOf({ exit, output, errorOutput }: Run, expected: Expected, redact: Redact): Finding[] {
  const { heldOpen } = exit;
  const out: Looked = { name: 'its output', output, heldOpen, redact };
  const tooLong = output.tooLong || errorOutput.tooLong;
  return [
    tooLong ? inconclusive('was ended for what it wrote') : exitFinding(exit, expected.exit),
    ...textFindings(out, expected.output),
    ...textFindings({ ...out, name: 'its error output', output: errorOutput }, expected.errorOutput),
    ...outputAsJson(out, expected.json),
  ];
}

async function runCommand(check: CommandCheck, context: CheckContext): Promise<CheckResult> {
  const label = `command ${quoted(check.command)}`;
  const found = ruleOf(check.command, context.access);
  if ('refused' in found) throw new CannotRun(found.refused);
  const { run, folder, env: settings } = found.value;
  const { env, secrets } = environmentOf(settings, context);
  const expected = check.expect ?? {};
  const stdio = {
    input: 'ignore',
    output: expected.output || expected.json ? 'pipe' : 'ignore',
    errorOutput: expected.errorOutput ? 'pipe' : 'ignore',
  } as const;
  const program = { run, args: check.args ?? [], folder, env, stdio };
  const ran = await runToEnd(program, context.signal).catch((error: unknown) => {
    throw error instanceof CannotRun ? new CannotRun(`${label} ${error.message}`) : error;
  });
  if (!ran) throw new CannotRun(`${label} did not end in time, and was ended`);
  const findings = findingsOf(ran, expected, redactor(secrets));
  const outcome = worstOf(findings);
  // How it ended is told in any case.
  const told = findings.filter((finding, index) => index === 0 || outcome === 'passed' || finding.outcome !== 'passed');
  return { outcome, seen: `${label} ${told.map(({ seen }) => seen).join(', ')} (${ran.ms} ms)` };
}

export const command: CheckType<CommandCheck> = {
  schema: commandCheck,
  refusals,
  shares: (check) => `the command ${quoted(check.command)}`,
  run: runCommand,
};
