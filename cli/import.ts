import { existsSync, writeFileSync } from 'node:fs';
import type { ImportResult } from '../plan/import/result';
import { command, type Context } from './command';
import { CliError } from './failure';
import { readText } from './plan-file';
import { clean, count } from './text';

interface Options {
  out?: string;
  force?: boolean;
}

/** Lines of what was kept that are shown; `--json` has all. */
const SHOWN = 15;

function write(file: string, text: string, force: boolean | undefined): void {
  if (existsSync(file) && !force) {
    throw new CliError('BAD_INPUT', `${file} is there already; name another file, or overwrite it with --force`);
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CliError('BAD_INPUT', `${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

function print({ options, style }: Context<Options>, result: ImportResult, tell: (line: string) => void): void {
  const { understood: u, kept, warnings, contradictions } = result;
  tell(
    `${style.green('✓')} ${count(u.items, 'item')}, ${u.must} must, ${u.should} should, ${u.nice} nice; ${u.linesUnderstood} of ${count(u.lines, 'line')} understood`
  );
  const list = (title: string, lines: string[]): void => {
    if (lines.length === 0) return;
    tell(`\n${style.bold(title)}  ${style.dim(String(lines.length))}`);
    for (const line of lines.slice(0, SHOWN)) tell(`  ${clean(line)}`);
    if (lines.length > SHOWN) tell(style.dim(`  … and ${lines.length - SHOWN} more: --json`));
  };
  list(
    'The document contradicts itself',
    contradictions.map(({ lines, text }) => `line ${lines.join(', ')}: ${text}`)
  );
  list(
    'To look at',
    warnings.map(({ line, text }) => `line ${line}: ${text}`)
  );
  list(
    'Kept without being understood',
    kept.map(({ line, text }) => `line ${line}: ${text}`)
  );
  if (options.out) tell(`\nNext: launch validate ${options.out}`);
}

export const importCommand = () =>
  command<Options>(
    'import <document>',
    {
      summary: 'make a plan of a launch document in Markdown, and say what it contradicts',
      examples: [
        'launch import LAUNCH.md --out plan.yaml',
        'launch import LAUNCH.md > plan.yaml',
        'launch import LAUNCH.md --json',
      ],
    },
    async (context, [file = '']) => {
      const { options, answer } = context;
      const text = readText(file);
      const { importDirection } = await import('../plan/import/import-direction.js');
      const result = importDirection(text, { file });
      const { plan, understood, kept, warnings, contradictions } = result;
      const { importToYaml } = await import('../plan/import/to-yaml.js');
      if (options.out) write(options.out, importToYaml(result), options.force);
      answer({ plan, understood, kept, warnings, contradictions });
      if (options.json) return;
      if (!options.out) process.stdout.write(importToYaml(result));
      // The plan may be on standard output: what people should know goes beside it.
      print(context, result, (line) => void process.stderr.write(`${line}\n`));
    }
  )
    .option('--out <file>', 'write the plan there; else it is printed')
    .option('--force', 'overwrite the file');
