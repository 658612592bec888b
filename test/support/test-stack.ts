import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Board, BoardItem } from '../../domain/board';
import { projectRoot } from '../../stack/paths';
import { identify, isAlive } from '../../stack/process-identity';
import { readStack, type StackFile } from '../../stack/stack-file';
import { requireBuild } from './built';
import { launch, launchUp, wordsOf, type Ran, type Up } from './cli';
import { atFailure } from './last-words';
import { until } from './until';

/** What a command prints with --json when it fails. */
export interface Failed {
  error: { code: string; message: string; details?: { [key: string]: unknown } };
}

/** One stack in a folder of its own, reached only as a person reaches it: by the built command line. */
export interface TestStack {
  /** For the test's own files. */
  folder: string;
  data: string;
  up: Up;
  /** What stack.json says now. */
  where(): StackFile;
  run(...args: string[]): Promise<Ran>;
  json<T>(...args: string[]): Promise<{ code: number | null; value: T }>;
  /** Exit code and error code of a command that fails. */
  refused(...args: string[]): Promise<{ exit: number | null; code: string }>;
  board(launch: string): Promise<Board>;
  /** Writes a file into the folder and returns its path. */
  file(name: string, text: string): string;
  /** Rows of the stack's own Postgres. */
  rows<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Ctrl-C, and the folder is gone. @throws where the stack has left a process behind, or did not end well */
  stop(): Promise<void>;
}

const LAST_LINES = 15;

/** What the checks of the example plan may reach, and this machine. */
export const EXAMPLE_CHECKS = [
  '--config',
  join(projectRoot(), 'examples', 'launch-director.yaml'),
  '--allow-local-checks',
] as const;

/**
 * Starts `launch up` on ports that are free; its checks may ask this machine, and read what `env` gives. With
 * `args` it is what they say instead. Call it in `beforeAll`, with two minutes.
 */
export async function testStack(env: { [name: string]: string } = {}, args?: readonly string[]): Promise<TestStack> {
  requireBuild();
  const folder = mkdtempSync(join(tmpdir(), 'launch-e2e-'));
  const data = join(folder, 'stack');
  const config = join(folder, 'launch-director.yaml');
  writeFileSync(config, JSON.stringify({ checks: { allowLocal: true, env: Object.keys(env) } }));
  const up = await launchUp(['--data', data, ...(args ?? ['--config', config])], env);
  const where = (): StackFile => {
    const stack = readStack(data);
    if (!stack) throw new Error(`no stack in ${data}:\n${up.output()}`);
    return stack;
  };
  const run = (...args: string[]): Promise<Ran> => launch(args, { LAUNCH_DATA: data });
  const json = async <T>(...args: string[]): Promise<{ code: number | null; value: T }> => {
    const { code, stdout, stderr } = await run(...args, '--json');
    try {
      return { code, value: JSON.parse(stdout) as T };
    } catch {
      throw new Error(`launch ${args.join(' ')} --json printed no object: ${stdout}${stderr}`);
    }
  };
  const forget = atFailure(async () => lastWordsIn(join(data, 'logs')) + up.output());
  return {
    folder,
    data,
    up,
    where,
    run,
    json,
    refused: async (...args) => {
      const { code, value } = await json<Failed>(...args);
      return { exit: code, code: value.error?.code };
    },
    board: async (id) => (await json<Board>('status', id)).value,
    file: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    rows: (sql, values) => rowsOf(where().database.url, sql, values),
    stop: () => {
      forget();
      return stopStack(up, { folder, data });
    },
  };
}

function lastWordsIn(logs: string): string {
  const ends = readdirSync(logs).map((name) => {
    const lines = readFileSync(join(logs, name), 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
    return `== ${name}\n${lines.join('\n')}\n`;
  });
  return ends.join('');
}

async function stopStack(up: Up, { folder, data }: { folder: string; data: string }): Promise<void> {
  const stack = readStack(data);
  const { temporal, database, worker, gateway, playground } = stack ?? {};
  const pids = [temporal, database, worker, gateway, playground?.staging, playground?.support].map((each) => each?.pid);
  const processes = pids.flatMap((pid) => (pid ? (identify(pid) ?? []) : []));
  const code = up.child.exitCode ?? (await up.interrupt());
  const left = processes.filter(isAlive);
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0 || left.length > 0)
    throw new Error(`ended with ${code}, ${left.length} processes left:\n${up.output()}`);
}

async function rowsOf<Row extends pg.QueryResultRow>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

export function itemOf(board: Board, id: string): BoardItem {
  const found = board.items.find((item) => item.id === id);
  if (!found) throw new Error(`no item ${id} on the board`);
  return found;
}

/** The sequences of a launch's facts that are not exactly 0, 1, 2, …: what was lost or written twice. */
export async function gapsInFacts(stack: TestStack, launchId: string): Promise<unknown[]> {
  return await stack.rows(
    `SELECT "workflowId", count(*)::int AS facts, min(seq) AS first, max(seq) AS last, count(DISTINCT seq)::int AS seqs
       FROM "Fact" WHERE "launchId" = $1 AND seq IS NOT NULL GROUP BY "workflowId", "firstRunId"
     HAVING min(seq) <> 0 OR count(*) <> max(seq) + 1 OR count(DISTINCT seq) <> count(*)`,
    [launchId]
  );
}

type FactBody = { [key: string]: unknown };

/** What the ledger has of one kind so far: it is written behind what happens. */
export async function factsOf(stack: TestStack, launchId: string, type: string): Promise<FactBody[]> {
  const rows = await stack.rows<{ body: FactBody }>(
    `SELECT body FROM "Fact" WHERE "launchId" = $1 AND type = $2 ORDER BY position`,
    [launchId, type]
  );
  return rows.map(({ body }) => body);
}

/** The facts of one kind, once there is one. */
export async function untilWritten(stack: TestStack, launchId: string, type: string): Promise<FactBody[]> {
  return await until(`${type} in the ledger`, async () => {
    const found = await factsOf(stack, launchId, type);
    return found.length > 0 ? found : undefined;
  });
}

export interface Typed {
  command: string;
  code: number | null;
  stderr: string;
}

/** A word needs a moment until the board has it; what it still asks for after this is typed again. */
const TYPED_AGAIN_MS = 5_000;

/**
 * What a script does that knows nothing: types every command of the board's `needs` as it stands there, again and
 * again, until `done`. Returns all that it typed.
 */
export async function typeNeeds(
  stack: TestStack,
  launchId: string,
  { done, withinMs }: { done: (board: Board) => boolean; withinMs: number }
): Promise<Typed[]> {
  const typed: Typed[] = [];
  const at = new Map<string, number>();
  await until(
    `${launchId} has what it needs`,
    async () => {
      const board = await stack.board(launchId);
      if (done(board)) return true;
      for (const { command } of board.verdict.needs) {
        if (command === null || Date.now() - (at.get(command) ?? 0) < TYPED_AGAIN_MS) continue;
        const [program, ...args] = wordsOf(command);
        if (program !== 'launch') throw new Error(`not a line to type: ${command}`);
        const { code, stderr } = await stack.run(...args);
        at.set(command, Date.now());
        typed.push({ command, code, stderr });
      }
      return false;
    },
    withinMs
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\ntyped: ${JSON.stringify(typed, null, 1)}`);
  });
  return typed;
}

export interface Target {
  url: string;
  /** What it answers from now on. */
  status: number;
  asked(): number;
  close(): Promise<void>;
}

/** An HTTP server on this machine that answers what the test says. */
export async function target(status: number): Promise<Target> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    const status = found.status === 200 ? 'ok' : 'down';
    response.writeHead(found.status, { 'content-type': 'application/json' }).end(JSON.stringify({ status }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const found: Target = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return found;
}
