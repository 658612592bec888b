import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { Evidence } from '../domain/criterion';
import { CliError } from './failure';

export interface EvidenceOptions {
  note?: string;
  link?: string;
  file?: string;
}

export function withEvidence(command: Command): Command {
  return command
    .option('--note <text>', 'what you saw')
    .option('--link <url>', 'where it can be seen')
    .option('--file <path>', 'a file that shows it; its name and SHA-256 are kept, not its content');
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw new CliError('BAD_INPUT', `--file ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return hash.digest('hex');
}

/** What stands beside a person's word; undefined where nothing does. */
export async function evidenceOf({ note, link, file }: EvidenceOptions): Promise<Evidence | undefined> {
  if (note === undefined && link === undefined && file === undefined) return undefined;
  if (link !== undefined && !URL.canParse(link)) {
    throw new CliError(
      'BAD_INPUT',
      `--link '${link}' is no address; give a whole one like https://ci.example.com/run/7`
    );
  }
  const kept = file === undefined ? undefined : { name: basename(file), sha256: await digestOfFile(file) };
  return {
    ...(note === undefined ? {} : { note }),
    ...(link === undefined ? {} : { link }),
    ...(kept ? { file: kept } : {}),
  };
}
