import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret } from '../prisma/tokens';
import { reasonOf, StackError } from './errors';

const FILE = 'operator-token';
const TOKEN = /^[\w-]{20,200}$/;

/** The file with the operator's token of a data folder, made where there is none; its owner alone may read it. */
export function operatorTokenFile(data: string): string {
  const file = join(data, FILE);
  if (existsSync(file)) chmodSync(file, 0o600);
  else writeFileSync(file, `${newSecret()}\n`, { mode: 0o600 });
  return file;
}

/** That of a data folder whose stack runs. @throws StackError DATA_UNUSABLE */
export function operatorTokenOf(data: string): string {
  return readOperatorToken(join(data, FILE));
}

/** @throws StackError DATA_UNUSABLE where the file holds no token */
export function readOperatorToken(file: string): string {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (TOKEN.test(token)) return token;
  } catch (error) {
    throw new StackError('DATA_UNUSABLE', `The operator's token cannot be read: ${reasonOf(error)}`);
  }
  throw new StackError('DATA_UNUSABLE', `${file} holds no operator's token: one line of 20 to 200 letters and digits`);
}
