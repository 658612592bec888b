import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import type { CheckResult } from '../../../activities/checks/result';
import type { Json } from '../../../domain/plan';
import { localAccess } from '../../support/access';
import { AUTHORITY } from './target';

const REGISTRY = path.join(__dirname, '../../../dist/activities/checks/registry.js');
const SCRIPT = `
const { runCheck } = require(process.argv[1]);
const { checks, access, now } = JSON.parse(process.argv[2]);
const context = () => ({ access, signal: AbortSignal.timeout(5000), env: () => undefined, now: () => now });
Promise.all(checks.map((check) => runCheck(check, context()))).then((results) => console.log(JSON.stringify(results)));
`;

interface Given {
  /** Epoch ms. */
  now?: number;
  env?: { [name: string]: string };
}

/** Runs checks in a worker's stead: a process of what is built, which was given the fixtures' authority as a person does it. */
export async function runTrusting(
  checks: ReadonlyArray<{ [key: string]: Json }>,
  { now = Date.now(), env = {} }: Given = {}
): Promise<CheckResult[]> {
  const given = JSON.stringify({ checks, access: localAccess(__dirname), now });
  const child = spawn(process.execPath, ['-e', SCRIPT, REGISTRY, given], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: AUTHORITY, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as CheckResult[];
}
