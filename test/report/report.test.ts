import { boardOf } from '../../domain/board';
import { HOUR } from '../../domain/units';
import { gatherReport } from '../../report/gather';
import { renderHtml } from '../../report/html';
import { renderMarkdown } from '../../report/markdown';
import { reportSchema, type Report } from '../../report/schema';
import { exampleStory } from '../support/example-story';
import { written } from '../support/written-facts';
import { boardNow, headOf, ledgerOf, sourcesOf, type Found } from '../support/rehearsed-report';

const { run, plan } = exampleStory();
const ledger = ledgerOf(plan, written(run.world));
const id = plan.id;
const AT = run.world.now + HOUR;

const report = (found: Found = {}, contents = ledger) => gatherReport(sourcesOf(contents, found), id, { at: AT });

/** Without when it was made, of what, and who vouched for its ledger then. */
function lasting({ made: _made, ledger: { kept: _kept, vouchedTo: _to, unasked: _un, ...left }, ...rest }: Report) {
  return { ...rest, ledger: left };
}

test('it is what its schema says, no more and no less', async () => {
  for (const found of [{}, { live: boardNow(run) }, { tamper: () => [] }]) {
    const made = await report({ ...found, kept: { board: boardNow(run), position: '9', at: AT } });
    expect(reportSchema.parse(made)).toEqual(made);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  }
});

test('of the finished example it says everything that a board or an auditor asks for', async () => {
  const made = await report();
  expect(made.notKnown).toEqual([]);
  expect(made.made).toMatchObject({ from: 'ledger', of: made.ended!.at, differs: [] });
  expect(made.verdict).toMatchObject({ value: 'GO', final: true });
  expect(made.verdict.given.map(({ value }) => value)).toEqual(['DELAY', 'GO']);
  expect(made.gates!.must.every(({ state }) => state === 'met')).toBe(true);
  expect(made.slips).toHaveLength(1);
  expect(made.firstAt).toBe(new Date(plan.launch.at).toISOString());
  expect(made.waivers).toMatchObject([
    { item: 'BLOCKER-STAGING-001', by: 'manager', risk: 'no user tests', ended: { how: 'retracted', by: 'manager' } },
  ]);
  expect(made.falls!.map(({ item, must }) => [item, must])).toContainEqual(['BLOCKER-STAGING-001', true]);
  expect(made.holds).toMatchObject([{ by: 'manager', released: { by: 'manager', reason: 'it is back' } }]);
  expect(made.reported).toMatchObject([{ id: 'REPORTED-1', by: 'pilot', review: { by: 'manager', accept: true } }]);
  expect(made.revisions).toMatchObject([
    { revision: 1, added: [], by: 'manager', reason: null },
    { revision: 2, added: ['REPORTED-1'], by: 'manager', reason: 'REPORTED-1 was accepted' },
  ]);
  expect(made.signOffs.given!.map(({ by, answer }) => [by, answer])).toEqual([
    ['chief', 'no'],
    ['chief', 'yes'],
    ['manager', 'yes'],
  ]);
  expect(made.signOffs.standing).toMatchObject([
    { by: 'chief', state: 'counts' },
    { by: 'manager', state: 'counts' },
  ]);
  expect(made.signOffs.missing).toEqual([]);
  expect(made.decisions!.length).toBeGreaterThan(0);
  expect(
    made.decisions!.every(({ choice }) => choice?.how === 'quorum' && choice.choices[0]?.why === 'it is ready')
  ).toBe(true);
  expect(made.metrics!.length).toBe(plan.metrics.length);
  expect(made.milestones!.map(({ settled, items }) => settled === items.length)).not.toContain(false);
  expect(made.ledger).toMatchObject({ entries: ledger.length, verified: true, broken: 0, vouchedTo: 0 });
  const staging = made.items!.find((item) => item.id === 'BLOCKER-STAGING-001')!;
  expect(staging.criteria[0]!.metBy).toMatchObject({ type: 'http', revision: 2, seen: 'passed' });
  const row = made.timeline!.rows.find(({ item }) => item === 'BLOCKER-STAGING-001')!;
  expect(row.falls).toHaveLength(made.falls!.filter(({ item }) => item === 'BLOCKER-STAGING-001').length);
  expect(row.spans.map(({ status }) => status)).toEqual(expect.arrayContaining(['open', 'resolved']));
});

test('it is the same whoever is asked and whenever, once the launch is over', async () => {
  const live = boardNow(run);
  const early = await report({ live, head: headOf(ledger, id) });
  const late = await gatherReport(sourcesOf(ledger), id, { at: AT + 1000 * HOUR });
  expect(lasting(late)).toEqual(lasting(early));
  expect(early.ledger).toMatchObject({ vouchedTo: ledger.length, kept: [{ from: 'the running launch', holds: true }] });
  expect(late.made.text).toContain('did not answer (there is no such launch)');
});

describe('of one that runs', () => {
  const upTo = plan.start + 4 * HOUR;
  const contents = ledger.filter(({ at }) => at <= upTo);
  const made = (found: Found) => gatherReport(sourcesOf(contents, found), id, { at: upTo });

  test('without an answer of its own it is what the rules see in its ledger, and says so', async () => {
    const found = await made({});
    expect(found.made).toMatchObject({ from: 'ledger', of: new Date(upTo).toISOString() });
    expect(found.made.text).toContain('did not answer');
    expect(found.verdict).toMatchObject({ final: false, value: 'DELAY', at: null });
    expect(found.verdict.needs.length).toBeGreaterThan(0);
    expect(renderHtml(found)).toContain('as things stand');
  });

  test('it is what the launch itself says; where that is not what its ledger says, both are told', async () => {
    const found = await made({});
    const same = await made({ live: boardNow(run) });
    expect(same.made.from).toBe('launch');
    expect(found.made.differs).toEqual([]);
    expect(same.made.differs).toContainEqual('Of the phase the report says: launched; the other says: preparing.');
    expect(renderHtml(same)).toContain('Not known, or in doubt');
  });
});

describe('what is not known is said to be that', () => {
  test('without the plan: the board that was kept, and nothing of what was decided', async () => {
    const rowless = ledger.filter(({ seq }) => seq !== null);
    const kept = { board: boardOf(run.world.launch, AT), position: '20', at: AT };
    const made = await report({ kept }, rowless);
    expect(made.made.from).toBe('kept board');
    expect(made).toMatchObject({ decisions: null, revisions: null, authority: null, timeline: null });
    expect(made.items!.every(({ detailed }) => !detailed)).toBe(true);
    expect(made.notKnown.join()).toMatch(/does not have the plan.*older than the ledger/);
    for (const text of [renderHtml(made), renderMarkdown(made)]) {
      expect(text).toMatch(/Decisions[^]*Not known/);
      expect(text).not.toMatch(/The plan has no decisions/);
    }
  });

  test('without a board either: the verdict that was given, and no state', async () => {
    const made = await report(
      {},
      ledger.filter(({ seq }) => seq !== null)
    );
    expect(made.made.from).toBe('nothing');
    expect(made).toMatchObject({ gates: null, items: null, metrics: null, slips: null, phase: null });
    expect(made.verdict).toMatchObject({ value: 'GO', final: null });
    for (const text of [renderHtml(made), renderMarkdown(made)]) {
      expect(text).toContain('Where it stands is not known');
      expect(text).not.toContain('The plan has no must');
      expect(text).not.toContain('The plan has no metrics');
    }
  });

  test('a ledger that was changed is told before all else', async () => {
    const made = await report({
      tamper: (entries) =>
        entries.map((each) =>
          each.type === 'waiverGiven' ? { ...each, body: { ...(each.body as object), by: 'chief' } } : each
        ),
    });
    expect(made.ledger).toMatchObject({ verified: false, broken: 1, findings: [{ code: 'CHANGED' }] });
    expect(made.notKnown[0]).toContain('The ledger is not as it was written');
    const whole = await report();
    for (const [render, sentence] of [
      [renderHtml, 'class="because">GO: launched'],
      [renderMarkdown, '**GO: launched'],
    ] as const) {
      const [beside = ''] = render(made).split(sentence);
      expect(render(made)).toContain(sentence);
      expect(beside).toContain('The ledger is not as it was written (1 finding)');
      expect(render(whole)).not.toContain('not as it was written');
    }
    expect(renderMarkdown(made)).toContain('(waiverGiven) was changed');
  });

  test('a ledger that is too long is told without its past', async () => {
    const made = await gatherReport(sourcesOf(ledger, { live: boardNow(run) }), id, { at: AT, most: 50 });
    expect(made.made.from).toBe('launch');
    expect(made).toMatchObject({ decisions: null, ledger: { facts: 50, verified: true } });
    expect(made.notKnown.join()).toContain('more than 50 facts');
  });

  test('facts that cannot be read do not keep the rest from being told', async () => {
    const broken = ledger.map((each) => (each.type === 'decided' ? { ...each, body: {} } : each));
    const made = await report({ live: boardNow(run) }, broken).catch((error: unknown) => error);
    expect(made).toMatchObject({ made: { from: 'launch' }, decisions: null });
  });

  test('an id that was used again is reported of its last run', async () => {
    const again = [
      ...ledger,
      ...ledger.map((each) => ({ ...each, firstRun: 'second', position: `${each.position}00` })),
    ];
    const once = await report();
    const made = await report({}, again);
    expect(made.notKnown.join()).toContain("an earlier run of this launch's id");
    expect(made.verdict).toEqual(once.verdict);
    expect(made.waivers).toEqual(once.waivers);
  });

  test('what nobody knows has no report', async () => {
    await expect(gatherReport(sourcesOf([]), 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
