import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { connectedBy } from '../../client/connection';
import { makeCurrent, type VersionSummary } from '../../client/versions';
import type { Board } from '../../domain/board';
import { projectRoot } from '../../stack/paths';
import { requireBuild } from '../support/built';
import { wordsOf } from '../support/cli';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { killAll, run, type Program } from '../support/programs';
import { devServer, temporalPath } from '../support/servers';
import { until } from '../support/until';
import { OTHER_SAID, release, type Release } from '../support/versions';

/** Two versions of the workers side by side, rolled out, drained and moved between as docs/deploy.md says. */
const DEPLOYMENT = 'launches';
/** The server suggests a continue-as-new at 4,096 events; here at a few, so that launches and items have several runs. */
const FEW_EVENTS = 60;
/** Temporal looks whether a version is drained every three minutes; here every second. */
const SETTINGS = [
  `limit.historyCount.suggestContinueAsNew=${FEW_EVENTS}`,
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod="1s"',
  'matching.wv.VersionDrainageStatusRefreshInterval="1s"',
];

/** With `more`, an item that comes by an amendment. */
const plan = (id: string, more = false): string => `
version: 1
id: ${id}
title: "Versions"
timezone: UTC
launch: { at: +2d 14:00, finalPoll: 5s, authority: { roles: [ana], quorum: all } }
standup: { at: '09:00', to: [everyone] }
people: [{ id: ana, name: Ana }, { id: dev, name: Dev }, { id: qa, name: QA }]
items:
  - { id: ONE, title: Do one, owners: [dev], acceptance: [{ id: seen, title: QA has seen it, attest: { by: [qa] } }, { id: there, title: A file is there, check: { type: files, glob: [package.json], count: { atLeast: 1 } }, every: 1s }] }
${more ? '  - { id: TWO, title: Do two, owners: [dev], acceptance: [{ id: too, title: QA has seen that, attest: { by: [qa] } }] }' : ''}
gates: { must: [{ item: ONE }] }
`;

let env: TestWorkflowEnvironment;
let database: FreshDatabase;
let client: Client;
let [before, after]: Release[] = [];
let [ofBefore, ofAfter]: Program[] = [];

beforeAll(async () => {
  requireBuild();
  [env, database] = await Promise.all([
    devServer(SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting])),
    freshDatabase(),
  ]);
  client = env.client;
  const where = {
    TEMPORAL_ADDRESS: env.address,
    DATABASE_URL: database.url,
    LAUNCH_DEPLOYMENT: DEPLOYMENT,
    LAUNCH_TASK_QUEUE: 'versions',
  };
  before = release(where, 'this');
  after = release(where, 'other');
  ofBefore = await before.worker();
});

afterAll(async () => {
  await killAll();
  await env?.teardown();
  for (const each of [before, after]) if (each) rmSync(each.folder, { recursive: true, force: true });
});

const buildIdOf = (worker: Program): string => /^Version {3}(\S+) of launches$/m.exec(worker.output())?.[1] ?? '';
const handleOf = (launch: string, part = ''): WorkflowHandle =>
  client.workflow.getHandle(`launch:${launch}${part && `:${part}`}`);

async function versionOf(handle: WorkflowHandle): Promise<string | undefined> {
  const { raw } = await handle.describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

/** Of every run of a workflow, every version that has carried a task of it. */
async function versionsIn(workflowId: string): Promise<{ runs: number; versions: string[] }> {
  const versions = new Set<string>();
  let runs = 0;
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    runs++;
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { workflowTaskCompletedEventAttributes: done } of events ?? [])
      if (done) versions.add(done.deploymentVersion?.buildId ?? done.workerDeploymentVersion ?? 'none');
  }
  return { runs, versions: [...versions] };
}

const detailsOf = (launch: string): Promise<string> => handleOf(launch).query<string>('details');

async function done(program: Release, line: string): Promise<void> {
  const { code, output } = await program.launch(...wordsOf(line).slice(1));
  expect({ line, code, output: code === 0 ? '' : output }).toEqual({ line, code: 0, output: '' });
}

async function start(id: string): Promise<void> {
  const file = join(before!.folder, `${id}.yaml`);
  writeFileSync(file, plan(id));
  await done(before!, `launch start ${file} --direct`);
  await until(`${id} has its item`, () => handleOf(id, 'item:ONE').describe());
}

async function shown(): Promise<{ [buildId: string]: VersionSummary }> {
  const { value } = await after!.json<{ versions: VersionSummary[] }>('rollout', '--show');
  return Object.fromEntries(value.versions.map((each) => [each.buildId, each]));
}

const guide = readFileSync(join(projectRoot(), 'docs', 'deploy.md'), 'utf8').split('\n');

/** Types the line of docs/deploy.md that begins so, with this launch and these versions for those that it names. */
async function typed(begins: string): Promise<{ code: number | null; output: string }> {
  const line = guide.find((each) => each.startsWith(begins)) ?? '';
  expect(line).not.toBe('');
  const names = { storefront: 'moved', OLD: buildIdOf(ofBefore!), NEW: buildIdOf(ofAfter!) };
  const meant = line.replace(/ +#.*$/, '').replace(/\b(storefront|OLD|NEW)\b/g, (name) => names[name as 'OLD']);
  const [, ...args] = wordsOf(meant);
  const program = run([temporalPath(), ...args, '--address', env.address, '--disable-config-file'], {});
  return { code: await program.exit, output: program.output() };
}

test('versioned workers take nothing until their version is rolled out; then launches begin on it', async () => {
  const doctor = await before!.json<{ checks: Array<{ name: string; detail: string; fix: string }> }>('doctor');
  expect(doctor.code).not.toBe(0);
  expect(doctor.value.checks.find(({ name }) => name === 'worker')).toMatchObject({
    detail: expect.stringContaining('none is current'),
    fix: expect.stringContaining('launch rollout'),
  });

  await done(before!, 'launch rollout');
  expect(buildIdOf(ofBefore!)).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
  expect((await before!.json('doctor')).code).toBe(0);
  await start('stays');
  await start('moved');
  for (const part of ['', 'item:ONE', 'standup'])
    expect(await until(`stays ${part}`, () => versionOf(handleOf('stays', part)))).toBe(buildIdOf(ofBefore!));
});

test('a version without a worker is not rolled out, and nothing is changed', async () => {
  const connected = connectedBy(client, { address: env.address, taskQueue: 'versions' });
  const nobody = { deploymentName: DEPLOYMENT, buildId: 'nobodys' };
  await expect(makeCurrent(connected, nobody, 0)).rejects.toMatchObject({ code: 'NO_WORKER' });
  expect((await shown())[buildIdOf(ofBefore!)]).toMatchObject({ state: 'current' });
});

test('another version is made current: what begins is on it, what is under way stays on its own, with what it begins', async () => {
  ofAfter = await after!.worker();
  expect(buildIdOf(ofAfter)).not.toBe(buildIdOf(ofBefore!));
  expect(buildIdOf(ofAfter).split('-')[0]).toBe(buildIdOf(ofBefore!).split('-')[0]);
  await done(after!, 'launch rollout');
  await start('begins');
  for (const part of ['', 'item:ONE', 'standup'])
    expect(await until(`begins ${part}`, () => versionOf(handleOf('begins', part)))).toBe(buildIdOf(ofAfter));
  expect(await detailsOf('begins')).toContain(OTHER_SAID);
  expect(await detailsOf('stays')).not.toContain(OTHER_SAID);

  const amended = join(before!.folder, 'amended.yaml');
  writeFileSync(amended, plan('stays', true));
  await done(before!, `launch amend stays ${amended} --reason "one more" --as ana --direct`);
  expect(await until('the new item', () => versionOf(handleOf('stays', 'item:TWO')))).toBe(buildIdOf(ofBefore!));
  await until('who was asked whether it would run its checks', async () => {
    const asked: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'admissionWorkflow'" }))
      if (workflowId.includes('stays')) asked.push(...(await versionsIn(workflowId)).versions);
    return asked.length === 2 && asked.every((version) => version.includes(buildIdOf(ofBefore!)));
  });
  await until('the list to say who is where', async () => {
    const { [buildIdOf(ofBefore!)]: old, [buildIdOf(ofAfter!)]: current } = await shown();
    return old?.state === 'draining' && old.launches === 2 && current?.state === 'current' && current.launches === 1;
  });
});

test('words, questions and checks of a launch go to its own version over every continue-as-new, also after a kill', async () => {
  const continued = async (part: string): Promise<boolean> =>
    (await versionsIn(`launch:stays${part && `:${part}`}`)).runs > 1;
  for (let round = 1; !((await continued('')) && (await continued('item:ONE'))) && round <= 12; round++) {
    await done(before!, `launch comment stays ONE "round ${round}" --as dev --direct`);
    await done(before!, `launch hold stays --reason "round ${round}" --as ana --direct`);
    await done(before!, `launch release stays --reason "round ${round}" --as ana --direct`);
  }
  ofBefore!.child.kill('SIGKILL');
  await ofBefore!.exit;
  const { code } = await after!.json('status', 'stays');
  expect(code).toBe(3);
  expect((await after!.json('status', 'begins')).code).toBe(0);

  ofBefore = await before!.worker();
  await until('its version to answer again', async () => (await after!.json('status', 'stays')).code === 0);
  expect(await detailsOf('stays')).not.toContain(OTHER_SAID);
});

test('a launch is moved by the line of the guide, with its items, and is then what the new version makes of it', async () => {
  const said = await typed('temporal workflow update-options --query');
  expect(said).toMatchObject({ code: 0 });
  await until('the new version to speak for it', async () => (await detailsOf('moved')).includes(OTHER_SAID));
  await done(after!, 'launch attest moved ONE seen --as qa --direct');
  await done(after!, 'launch cancel moved --reason "seen enough" --as ana --direct');
  for (const part of ['', 'item:ONE', 'standup'])
    await until(`moved ${part}`, async () => (await versionOf(handleOf('moved', part))) === buildIdOf(ofAfter!));
});

test('the launch that was under way ends with its verdict on its version, which is then drained', async () => {
  await done(before!, 'launch attest stays ONE seen --as qa --direct');
  await until('its must to be met', async () => {
    const { value } = await after!.json<Board>('status', 'stays');
    return value.gates.must.every(({ state }) => state === 'met');
  });
  await done(before!, 'launch reschedule stays +15s --reason "all is there" --as ana --direct');
  await done(before!, 'launch sign-off stays --as ana --direct');
  const board = await until('the verdict', async () => {
    const { value } = await after!.json<Board>('status', 'stays');
    return value.phase === 'launched' ? value : undefined;
  });
  expect(board.verdict).toMatchObject({ value: 'GO' });
  for (const part of [':item:ONE', ':standup', '']) {
    const { runs, versions } = await versionsIn(`launch:stays${part}`);
    expect({ part, versions }).toEqual({ part, versions: [expect.stringContaining(buildIdOf(ofBefore!))] });
    if (part !== ':standup') expect(runs).toBeGreaterThan(1);
  }

  await until('drained', async () => (await shown())[buildIdOf(ofBefore!)]?.state === 'drained');
  expect((await typed('temporal worker deployment describe-version')).output).toMatch(/drained/i);
  ofBefore!.child.kill('SIGTERM');
  expect(await ofBefore!.exit).toBe(0);
  expect((await after!.json('status', 'begins')).code).toBe(0);
  // What is over is asked of its version too; its facts are there for good.
  expect((await after!.json('status', 'stays')).code).toBe(3);
  expect((await after!.json('ledger', 'verify', 'stays')).value).toMatchObject({ ok: true });
});
