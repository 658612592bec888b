import { createInterface } from 'node:readline';
import { PRIORITIES, SEVERITIES } from '../domain/plan';
import { CliError } from './failure';
import type { ReportFields } from './report-fields';

interface Question {
  key: keyof ReportFields;
  text: string;
  /** What is wrong with an answer; an empty one is asked about only where it is needed. */
  problem?(answer: string): string | undefined;
  /** Asked again until an empty answer. */
  many?: boolean;
}

const oneOf = (known: readonly string[]) => (answer: string) =>
  answer === '' || known.includes(answer) ? undefined : `one of ${known.join(', ')}, or nothing`;

/** The fields of the template, in its order. */
const QUESTIONS: readonly Question[] = [
  { key: 'title', text: 'What is blocked', problem: (answer) => (answer === '' ? 'a title is needed' : undefined) },
  { key: 'impact', text: 'Impact: what cannot be done because of it' },
  { key: 'owners', text: 'Owner, by id; empty for none or no more', many: true },
  { key: 'priority', text: `Priority (${PRIORITIES.join(', ')})`, problem: oneOf(PRIORITIES) },
  { key: 'severity', text: `Severity (${SEVERITIES.join(', ')})`, problem: oneOf(SEVERITIES) },
  { key: 'deadline', text: 'Deadline, like "2030-11-03 14:00", +4h or T-1d' },
  { key: 'acceptance', text: 'Acceptance criterion; empty for none or no more', many: true },
];

/** Lines as they are typed, several pasted at once too. */
class Lines {
  private readonly lines: AsyncIterator<string>;

  constructor(
    input: NodeJS.ReadableStream,
    private readonly output: NodeJS.WritableStream
  ) {
    this.lines = createInterface({ input, output, terminal: false })[Symbol.asyncIterator]();
  }

  /** @throws CliError where the input ends before all was asked */
  async ask({ text, problem }: Question): Promise<string> {
    for (;;) {
      this.output.write(`${text}: `);
      const { value, done } = await this.lines.next();
      if (done) throw new CliError('BAD_INPUT', 'The answers ended before all was asked; nothing was reported.');
      const answer = value.trim();
      const wrong = problem?.(answer);
      if (!wrong) return answer;
      this.output.write(`  ${wrong}\n`);
    }
  }

  async close(): Promise<void> {
    await this.lines.return?.();
  }
}

/** What the launch it is for would refuse of an answer that is not empty. */
export type Known = Partial<Record<keyof ReportFields, (answer: string) => string | undefined>>;

function knowing(question: Question, known: Known): Question {
  const { key, problem } = question;
  const asked = (answer: string) => problem?.(answer) ?? (answer === '' ? undefined : known[key]?.(answer));
  return { ...question, problem: asked };
}

/**
 * Asks for what a report needs, a field a line; an empty answer leaves it out. What would be refused is asked again at
 * once: nobody types all of it twice.
 */
export async function askReport(
  streams: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
  known: Known = {}
): Promise<ReportFields> {
  const lines = new Lines(streams.input, streams.output);
  const fields: { [key in keyof ReportFields]?: string | string[] } = {};
  try {
    for (const question of QUESTIONS.map((each) => knowing(each, known))) {
      const answers: string[] = [];
      for (let answer = await lines.ask(question); answer !== ''; answer = await lines.ask(question)) {
        answers.push(answer);
        if (!question.many) break;
      }
      if (answers.length > 0) fields[question.key] = question.many ? answers : answers[0];
    }
  } finally {
    await lines.close();
  }
  return fields as ReportFields;
}
