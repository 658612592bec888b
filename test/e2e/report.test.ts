import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportSchema, type Report } from '../../report/schema';
import { ask, gatewayUrl, operatorToken, type ProblemBody } from '../support/gateway';
import { testStack, type TestStack } from '../support/test-stack';
import { until } from '../support/until';

/** A launch to its GO, its report, and its report when Temporal knows nothing of it any more. */
const ID = 'told';
const PLAN = `
version: 1
id: ${ID}
title: "Told <b>later</b>"
timezone: Europe/Berlin
launch:
  at: +2h
  finalPoll: 20s
  authority: { roles: [manager, ceo], quorum: all }
  milestones: [{ title: Half way, at: +20s, items: [A] }]
people: [{ id: ana, name: Ana, roles: [manager] }, { id: carl, name: Carl, roles: [ceo] }, { id: qa, name: QA }]
items:
  - { id: A, kind: blocker, title: Do A, owners: [qa], deadline: +5m, acceptance: [{ id: done, title: It is done, attest: { by: [qa] } }] }
  - { id: B, title: Do B, owners: [qa], acceptance: [{ id: seen, title: It was seen, attest: { by: [qa] } }, { id: fast, title: It is fast, attest: { by: [qa] } }] }
  - { id: D, kind: decision, title: Where to, owners: [ana], options: [{ id: left, title: Left, opens: [] }, { id: right, title: Right }], ifSilent: escalate }
gates: { must: [{ item: A }, { item: B }], nice: [{ item: D }] }
metrics: [{ id: done, title: Resolved, measure: resolved-share, target: ">= 50%" }]
`;

let stack: TestStack;
let base: string;
let token: string;

async function say(by: string, body: object, item?: string): Promise<void> {
  const path = item === undefined ? '' : `/items/${item}`;
  const { status, body: answer } = await ask(`${base}/api/launches/${ID}${path}/commands`, { token, actAs: by, body });
  expect([body, status, answer.detail]).toEqual([body, 200, undefined]);
}

async function play(): Promise<void> {
  expect((await stack.run('start', stack.file('plan.yaml', PLAN))).code).toBe(0);
  const items = `${base}/api/launches/${ID}/items/`;
  for (const item of ['A', 'B', 'D'])
    await until(item, async () => (await ask(`${items}${item}`, { token })).status === 200);
  await say('qa', { type: 'attest', criterion: 'done', evidence: { note: '<script>alert(1)</script>' } }, 'A');
  await say('qa', { type: 'attest', criterion: 'seen', evidence: { link: 'https://ci.example.com/7' } }, 'B');
  const inAWeek = Date.now() + 7 * 86_400_000;
  await say('ana', { type: 'waive', criterion: 'fast', reason: 'later', risk: 'slow', until: inAWeek }, 'B');
  await say('ana', { type: 'decide', option: 'left', why: 'it is nearer' }, 'D');
  await say('qa', { type: 'reportBlocker', title: 'It smells', impact: 'Nobody comes' });
  await say('carl', { type: 'reviewBlocker', report: 'REPORTED-1', accept: false, reason: 'it does not' });
  await say('ana', { type: 'hold', reason: 'wait' });
  await say('ana', { type: 'release', reason: 'go on' });
}

/** All that each of its workflows had to write. */
async function ended(): Promise<void> {
  await until('the end of all of it in the ledger', async () => {
    const rows = await stack.rows(`SELECT 1 FROM "Fact" WHERE "launchId" = $1 AND type = 'ended'`, [ID]);
    return rows.length === 4;
  });
}

const made = async (...args: string[]): Promise<Report> => {
  const { code, value } = await stack.json<Report>('report', ID, ...args);
  expect(code).toBe(0);
  return value;
};

/** Without when it was made, of what, and who vouched for its ledger then. */
function lasting({ made: _made, ledger: { kept: _kept, vouchedTo: _to, ...left }, ...rest }: Report) {
  return { ...rest, ledger: left };
}

let before: Report;

beforeAll(async () => {
  stack = await testStack();
  base = gatewayUrl(stack);
  token = operatorToken(stack);
  await play();
});
afterAll(() => stack?.stop());

test('while it runs the report is of what the launch itself says', async () => {
  const report = await until('all in the ledger', async () => {
    const found = await made();
    return found.holds?.[0]?.released && found.made.differs.length === 0 ? found : undefined;
  });
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.made.from).toBe('launch');
  expect(report.verdict.final).toBe(false);
  expect(report.ledger.verified).toBe(true);
  expect(report.ledger.kept).toMatchObject([{ from: 'the running launch', holds: true }, { holds: true }]);
  const { stdout } = await stack.run('report', ID, '--md');
  expect(stdout).toContain('# DELAY: Told \\<b\\>later\\</b\\>');
});

test('once it is over it says everything, in three formats', async () => {
  await say('ana', { type: 'reschedule', at: Date.now() + 30_000, reason: 'all is ready' });
  for (const by of ['ana', 'carl']) await say(by, { type: 'signOff', answer: 'yes', accepts: [], why: 'good' });
  await until('GO', async () => (await stack.board(ID)).ended?.how === 'launched');
  await ended();
  before = await until('its result', async () => {
    const found = await made();
    return found.ledger.kept[0]?.from === "the launch's result in Temporal" ? found : undefined;
  });
  expect(before.ledger).toMatchObject({ verified: true, kept: [{ holds: true }, { holds: true }] });
  expect(reportSchema.parse(before)).toEqual(before);
  expect(before.made).toMatchObject({ from: 'ledger', differs: [] });
  expect(before.notKnown).toEqual([]);
  expect(before).toMatchObject({
    verdict: { value: 'GO', final: true, conditions: [{ code: 'WAIVER' }] },
    ended: { how: 'launched' },
    waivers: [{ item: 'B', criterion: 'fast', by: 'ana', ended: null }],
    decisions: [{ id: 'D', choice: { option: 'left', choices: [{ by: 'ana', why: 'it is nearer' }] } }],
    reported: [{ id: 'REPORTED-1', review: { by: 'carl', accept: false } }],
    slips: [{ by: 'ana', reason: 'all is ready' }],
    holds: [{ by: 'ana', released: { by: 'ana' } }],
    milestones: [{ title: 'Half way', settled: 1 }],
    metrics: [{ id: 'done', met: true }],
    signOffs: { standing: [{ state: 'counts' }, { state: 'counts' }] },
  });
  expect(before.signOffs.given!.filter(({ answer }) => answer === 'yes').map(({ by }) => by)).toEqual(['ana', 'carl']);
  const out = join(stack.folder, 'report.html');
  expect(await stack.run('report', ID, '--html', '--out', out)).toMatchObject({
    code: 0,
    stdout: `The report is in ${out}.\n`,
  });
  const page = readFileSync(out, 'utf8');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain(before.ledger.head);
});

test('the gateway serves it to whoever may read the launch, as it may be looked at and as a file', async () => {
  const report = `${base}/api/launches/${ID}/report`;
  const asked = { headers: { authorization: `Bearer ${token}` } };
  const page = await fetch(report, asked);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-disposition')).toBeNull();
  const policy = page.headers.get('content-security-policy')!;
  const html = await page.text();
  const style = /<style>([^]*?)<\/style>/.exec(html)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`
  );
  const file = await fetch(`${report}?format=md&download`, asked);
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${ID}-report.md"`);
  expect(await file.text()).toContain('# GO: Told');
  const { body } = await ask<Report>(`${report}?format=json`, { token });
  expect(lasting(body)).toEqual(lasting(before));
  expect((await ask(`${report}?format=pdf`, { token })).body.code).toBe('BAD_INPUT');
  expect((await ask<ProblemBody>(report)).body.code).toBe('UNAUTHENTICATED');
  for (const [launch, status] of [
    [ID, 200],
    ['other', 404],
  ] as const) {
    const made = await ask<{ token: string }>(`${base}/api/tokens`, {
      token,
      body: { person: 'eve', kind: 'observer', launches: [launch] },
    });
    expect((await ask(`${report}?format=json`, { token: made.body.token })).status).toBe(status);
  }
  expect((await ask(`${base}/api/launches/nobody/report`, { token })).body.code).toBe('NOT_FOUND');
});

test('when Temporal has forgotten the launch, and no board was kept, it is still complete and the same', async () => {
  const { address, cli, namespace } = stack.where().temporal;
  for (const which of ['', ':item:A', ':item:B', ':item:D', ':standup']) {
    const workflow = ['--workflow-id', `launch:${ID}${which}`];
    spawnSync(cli!, ['workflow', 'delete', '--address', address, '--namespace', namespace, ...workflow]);
  }
  await until('Temporal to forget it', async () => (await stack.refused('status', ID)).code === 'NOT_FOUND');
  await stack.rows(`DELETE FROM "KeptBoard" WHERE "launchId" = $1`, [ID]);
  // It deletes one after the other, and each vouches for the ledger as long as it is there.
  const after = await until('Temporal to forget its items', async () => {
    const report = await made();
    return report.ledger.kept.length === 0 ? report : undefined;
  });
  expect(after.notKnown).toEqual([]);
  expect(after.made.text).toContain(`there is no launch '${ID}'`);
  expect(after.ledger).toMatchObject({ verified: true, kept: [], vouchedTo: 0 });
  expect(lasting(after)).toEqual(lasting(before));
  const { body } = await ask<Report>(`${base}/api/launches/${ID}/report?format=json`, { token });
  expect(lasting(body)).toEqual(lasting(before));
});

test('a ledger that was changed is said to be that, in the page too', async () => {
  await stack.rows(
    `UPDATE "Fact" SET body = jsonb_set(body, '{by}', '"carl"') WHERE "launchId" = $1 AND type = 'waiverGiven'`,
    [ID]
  );
  const after = await made();
  expect(after.ledger).toMatchObject({ verified: false, findings: [{ code: 'CHANGED' }] });
  expect((await stack.run('report', ID, '--html')).stdout).toContain('The ledger is not as it was written');
});

test('what cannot be reported is refused as everywhere', async () => {
  expect(await stack.refused('report', 'nobody')).toEqual({ exit: 2, code: 'NOT_FOUND' });
  expect((await stack.run('report', ID)).code).toBe(2);
  expect((await stack.run('report', ID, '--html', '--md')).stderr).toContain('--html, --md or --json');
  expect((await stack.run('report', ID, '--md', '--out', join(stack.folder, 'no', 'where.md'))).code).toBe(2);
});
