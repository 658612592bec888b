import { spawn } from 'node:child_process';
import type { Board } from '../../domain/board';
import { shownLines, shownSignals } from '../support/signals-doc';
import { itemOf, testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** Everything that people see and say with Temporal's own program, on the stack's server. */
const LAUNCH = 'cli-shop';
const ITEM = `launch:${LAUNCH}:item:DOCS`;

const PLAN = `
version: 1
id: ${LAUNCH}
title: "The shop"
launch: { at: +2d 14:00, authority: { roles: [ana], quorum: all } }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - id: DOCS
    kind: blocker
    title: Docs are written
    owners: [dev]
    priority: P0
    deadline: T-2h
    acceptance:
      - { id: read, title: QA has read them, attest: { by: [qa] } }
      - { id: spelled, title: QA has checked the spelling, attest: { by: [qa] } }
  - id: LICENCE
    title: A licence is there
    owners: [dev]
    acceptance: [{ id: there, title: LICENCE is in the folder, check: { type: files, glob: [LICENCE-OF-NOBODY], count: { atLeast: 1 } } }]
gates: { must: [{ item: DOCS }], should: [{ item: LICENCE }] }
`;

let stack: TestStack;

beforeAll(async () => {
  stack = await testStack();
  const { code, stderr } = await stack.run('start', stack.file('shop.yaml', PLAN));
  if (code !== 0) throw new Error(stderr);
});

afterAll(() => stack.stop());

interface Said {
  code: number | null;
  text: string;
}

/** Runs `temporal ARGS` against the stack's server. */
function temporal(...args: string[]): Promise<Said> {
  const { cli, address, namespace } = stack.where().temporal;
  if (!cli) throw new Error('the stack names no temporal program');
  const where = ['--address', address, '--namespace', namespace];
  return new Promise((resolve, reject) => {
    const child = spawn(cli, [...args, ...where, '--disable-config-file']);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

async function parsed<T>(...args: string[]): Promise<T> {
  const { code, text } = await temporal(...args, '--output', 'json');
  if (code !== 0) throw new Error(text);
  return JSON.parse(text) as T;
}

const signal = (workflow: string, name: string, ...rest: string[]): Promise<Said> =>
  temporal('workflow', 'signal', '--workflow-id', workflow, '--name', name, ...rest);

const board = (): Promise<Board> => stack.board(LAUNCH);

test('list finds open items by the search attributes of a launch', async () => {
  const query = `LaunchId='${LAUNCH}' AND ItemStatus='open'`;
  const ids = await until('both items are listed', async () => {
    const found = await parsed<Array<{ execution: { workflowId: string } }>>('workflow', 'list', '--query', query);
    return found.length === 2 ? found.map(({ execution }) => execution.workflowId) : undefined;
  });
  expect(ids.toSorted()).toEqual([ITEM, `launch:${LAUNCH}:item:LICENCE`]);
  const launches = `LaunchId='${LAUNCH}' AND LaunchPhase='preparing' AND MustOpen=1`;
  expect(await parsed<unknown[]>('workflow', 'list', '--query', launches)).toHaveLength(1);
  const of = `ItemOwners='dev' AND ItemPriority='P0' AND ItemKind='blocker'`;
  expect(await parsed<unknown[]>('workflow', 'list', '--query', of)).toHaveLength(1);
});

test('describe shows what the launch and the item are, in words', async () => {
  const launch = await temporal('workflow', 'describe', '--workflow-id', `launch:${LAUNCH}`);
  expect(launch.text).toMatch(/The shop: \w{3} \d{4}-\d\d-\d\d 14:00/);
  expect(launch.text).toMatch(/igned off by ana\./);
  const item = await temporal('workflow', 'describe', '--workflow-id', ITEM);
  expect(item.text).toContain('DOCS: Docs are written');
});

test('metadata shows the board: the verdict, and the line that would change it', async () => {
  const launch = await temporal('workflow', 'metadata', '--workflow-id', `launch:${LAUNCH}`);
  expect(launch.text).toContain('## The shop');
  expect(launch.text).toMatch(/DELAY/);
  expect(launch.text).toContain(`launch attest ${LAUNCH} DOCS read --as qa`);
  const item = await temporal('workflow', 'metadata', '--workflow-id', ITEM);
  expect(item.text).toContain('## DOCS: Docs are written');
});

test('the signal that an item page offers is taken as it stands there', async () => {
  const { text } = await temporal('workflow', 'metadata', '--workflow-id', ITEM);
  const [, offered] = /signal `attest`: `([^`]+)`/.exec(text.replaceAll('\\"', '"')) ?? [];
  expect(offered).toBe('{"by":"qa","criterion":"read"}');
  expect((await signal(ITEM, 'attest', '--input', offered ?? '')).code).toBe(0);
  await until('the word', async () => itemOf(await board(), 'DOCS').criteria[0]?.state === 'met');
});

test('refused, malformed, missing and undecodable signals are shown, on item and launch, and block nothing', async () => {
  const bad: string[][] = [
    ['--input', '{"by":"dev","criterion":"spelled"}'],
    ['--input', '5'],
    [],
    ['--input', 'null'],
    ['--input', '{"by":"qa","criterion":{"a":[1]}}'],
    ['--input', 'zz', '--input-meta', 'encoding=binary/encrypted'],
  ];
  for (const input of bad) expect((await signal(ITEM, 'attest', ...input)).code).toBe(0);
  const page = await until('every refusal on the item page', async () => {
    const { text } = await temporal('workflow', 'metadata', '--workflow-id', ITEM);
    return text.split(/: attest — /).length - 1 === bad.length ? text : undefined;
  });
  expect(page).toMatch(/dev: attest — NOT_ALLOWED/);
  expect(page.match(/somebody: attest — BAD_INPUT/g)?.length).toBeGreaterThanOrEqual(bad.length - 2);

  const worse: Array<[name: string, ...input: string[]]> = [
    ['signOff', '--input', '{"by":"dev","answer":"yes"}'],
    ['hold', '--input', '5'],
    ['amend', '--input', '{"by":"ana","reason":"x","plan":{}}'],
    ['reschedule', '--input', 'zz', '--input-meta', 'encoding=binary/encrypted'],
    ['cancel'],
  ];
  for (const [name, ...input] of worse) expect((await signal(`launch:${LAUNCH}`, name, ...input)).code).toBe(0);
  const refused = await until('every refusal on the board', async () => {
    const found = (await board()).refused;
    return worse.every(([name]) => found.some(({ command }) => command === name)) ? found : undefined;
  });
  expect(refused.find(({ command }) => command === 'signOff')).toMatchObject({ by: 'dev', code: 'NOT_ALLOWED' });
  expect(refused.find(({ command }) => command === 'reschedule')).toMatchObject({ code: 'BAD_INPUT' });
  const shown = await temporal('workflow', 'metadata', '--workflow-id', `launch:${LAUNCH}`);
  expect(shown.text).toContain('Refused messages');
});

test('internal messages that cannot be read harm nothing either, nor do signals of no name of ours', async () => {
  for (const [to, name] of [
    [`launch:${LAUNCH}`, 'report'],
    [ITEM, 'situation'],
    [ITEM, 'nonsense'],
    [`launch:${LAUNCH}`, 'nonsense'],
  ] as const) {
    expect((await signal(to, name, '--input', '5')).code).toBe(0);
    expect((await signal(to, name, '--input', '{"item":"DOCS","report":{"seq":1e9,"progress":{}}}')).code).toBe(0);
    expect((await signal(to, name, '--input', 'zz', '--input-meta', 'encoding=binary/encrypted')).code).toBe(0);
  }
  const { code } = await stack.run('comment', LAUNCH, 'DOCS', 'still here', '--as', 'dev');
  expect(code).toBe(0);
  const now = await board();
  expect(itemOf(now, 'DOCS').criteria.map(({ id, state }) => [id, state])).toEqual([
    ['read', 'met'],
    ['spelled', 'unknown'],
  ]);
});

test('an update answers, and says why it refuses', async () => {
  const update = (input: string) =>
    temporal('workflow', 'update', 'execute', '--workflow-id', ITEM, '--name', 'attest', '--input', input);
  const refused = await update('{"by":"dev","criterion":"spelled"}');
  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/dev/);
  expect((await update('5')).code).not.toBe(0);
  const taken = await update('{"by":"qa","criterion":"spelled"}');
  expect([taken.code, taken.text]).toEqual([0, expect.stringContaining('DOCS is resolved')]);
});

test('the launch still works: nothing but the sign-off is missing, and a plain signal gives it', async () => {
  await until('DOCS', async () => itemOf(await board(), 'DOCS').status === 'resolved');
  expect((await board()).verdict.reasons.map(({ code }) => code)).toEqual(['SIGN_OFF_MISSING']);
  expect((await signal(`launch:${LAUNCH}`, 'signOff', '--input', '{"by":"ana","answer":"yes"}')).code).toBe(0);
  await until('GO as it stands', async () => (await board()).now.verdict === 'GO');
});

interface HistoryEvent {
  eventType: string;
  userMetadata?: { summary?: { data?: string } };
}

test('every timer, activity and child says in words what it is for', async () => {
  for (const id of [`launch:${LAUNCH}`, ITEM, `launch:${LAUNCH}:item:LICENCE`]) {
    const { events } = await parsed<{ events: HistoryEvent[] }>('workflow', 'show', '--workflow-id', id);
    const told = events.filter(({ eventType }) =>
      /TIMER_STARTED|ACTIVITY_TASK_SCHEDULED|START_CHILD_WORKFLOW_EXECUTION_INITIATED/.test(eventType)
    );
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ userMetadata }) => !userMetadata?.summary).map(({ eventType }) => eventType)).toEqual([]);
  }
});

/** A line of the docs as it stands there, by a shell that finds the stack's program and server. */
function typed(line: string): Promise<Said> {
  const { cli, address, namespace } = stack.where().temporal;
  const script = `temporal() { "$CLI" "$@" --address "$ADDRESS" --namespace "$NAMESPACE" --disable-config-file; }\n${line}`;
  const env = { ...process.env, CLI: cli ?? '', ADDRESS: address, NAMESPACE: namespace };
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', script], { env });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

test('the docs: every line is done as it stands there, and every signal is taken', async () => {
  const STORE = 'launch:storefront-2';
  // A trial: nobody has its Slack.
  const started = await stack.run('start', 'examples/storefront.yaml', '--trial');
  expect(started).toMatchObject({ code: 0 });
  await until('its items', async () =>
    (await stack.board('storefront-2')).items.every(({ status }) => status !== null)
  );
  for (const line of shownLines())
    expect([line, await typed(line)]).toEqual([line, expect.objectContaining({ code: 0 })]);
  for (const { name, item, input } of shownSignals()) {
    const sent = await signal(item === undefined ? STORE : `${STORE}:item:${item}`, name, '--input', input);
    expect([name, sent.code]).toEqual([name, 0]);
  }
  await until('it is cancelled', async () => (await stack.board('storefront-2')).phase === 'stopped');
  const { refused } = await stack.board('storefront-2');
  expect(refused.map(({ command, code }) => [command, code])).toEqual([['retryActions', expect.any(String)]]);
  for (const { name, item } of shownSignals()) {
    if (item === undefined) continue;
    const page = await temporal('workflow', 'metadata', '--workflow-id', `${STORE}:item:${item}`);
    expect([name, page.code, page.text]).toEqual([name, 0, expect.stringContaining(item)]);
    expect(page.text).not.toContain('Refused messages');
  }
});
