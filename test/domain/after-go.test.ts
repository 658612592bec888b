import type { ActionOutcome } from '../../domain/go-actions';
import { actionKey, actionTitle, dueActions, isActing } from '../../domain/go-actions';
import { boardOf } from '../../domain/board';
import { evolveLaunch } from '../../domain/launch';
import { nextLaunchStep } from '../../domain/launch-next';
import type { Outcome } from '../../domain/criterion';
import type { Action, Plan } from '../../domain/plan';
import { Rehearsal } from '../../domain/simulate';
import { HOUR, MINUTE } from '../../domain/units';
import { human, item, NOON, planOf, probe, type PlanParts } from '../support/plans';

const T = NOON + 2 * HOUR;
const call = (title: string): Action => ({ title, webhook: { url: `https://ci.example.com/${title}` } });

function planned(onVerdict: Partial<Plan['onVerdict']>, { launch, ...parts }: PlanParts = {}): Plan {
  const all = { go: [], delay: [], noGo: [], ...onVerdict };
  return planOf({ ...parts, launch: { at: T, ...launch }, plan: { ...parts.plan, onVerdict: all } });
}

interface Gone {
  run: Rehearsal;
  /** What was attempted, in order. */
  acted: string[];
}

/** Everything is met and signed, and the date is there. */
function gone(
  plan: Plan,
  outcomeOf: (title: string, attempt: number) => ActionOutcome = () => 'done',
  outcome = 'passed'
): Gone {
  const run = new Rehearsal(plan, NOON, () => outcome as Outcome);
  const acted: string[] = [];
  run.outcomeOf = ({ title, attempt }) => {
    acted.push(title);
    return outcomeOf(title, attempt);
  };
  run.actOnItem('A', { type: 'attest', by: 'dev' });
  for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
  run.advance(T);
  return { run, acted };
}

const phase = ({ run }: Gone) => run.world.launch.phase;
const verdict = ({ run }: Gone) => run.world.launch.verdict?.value;
const notices = ({ run }: Gone, part: string) => run.world.notices.filter(({ key }) => key.includes(part));

test('without anything to do GO is the end', () => {
  const { run } = gone(planned({}));
  expect(run.world.launch).toMatchObject({ phase: 'launched', ended: { how: 'launched', at: T } });
});

test.each<ActionOutcome>(['failed', 'unknown'])(
  'the first of GO that is %s stops the rest, and the verdict stays',
  (outcome) => {
    const found = gone(planned({ go: [call('a'), call('b'), call('c')] }), (title) =>
      title === 'b' ? outcome : 'done'
    );
    expect(found.acted).toEqual(['a', 'b']);
    expect([phase(found), verdict(found)]).toEqual(['launch-failed', 'GO']);
    expect(found.run.world.launch.ended).toBeUndefined();
    found.run.advance(T + 100 * HOUR);
    expect(found.acted).toEqual(['a', 'b']);
    expect(notices(found, ':act_')).toHaveLength(1);
    expect(boardOf(found.run.world.launch, T).actions.map(({ state }) => state)).toEqual(['done', outcome, 'waiting']);
  }
);

test('a person of the authority, and nobody else, tries again, as often as it takes', () => {
  const found = gone(planned({ go: [call('a'), call('b')] }), (title, attempt) =>
    attempt < 3 && title === 'a' ? 'failed' : 'done'
  );
  const { run, acted } = found;
  expect(run.act({ type: 'retryActions', by: 'dev' })?.code).toBe('NOT_ALLOWED');
  expect(run.act({ type: 'retryActions', by: 'ana', kind: 'agent' })?.code).toBe('AGENT_MAY_NOT');
  expect(run.act({ type: 'retryActions', by: 'ana' })).toBeUndefined();
  expect([acted.length, phase(found)]).toEqual([2, 'launch-failed']);
  expect(run.act({ type: 'retryActions', by: 'carl' })).toBeUndefined();
  expect(acted).toEqual(['a', 'a', 'a', 'b']);
  expect([phase(found), run.world.launch.ended?.how]).toEqual(['launched', 'launched']);
  expect(notices(found, ':act_').map(({ key }) => key.split(':').at(-1))).toEqual(['1', '2']);
});

test('what stopped GO can be skipped by a person, with a reason that is kept; nothing else can', () => {
  const found = gone(planned({ go: [call('a'), call('b'), call('c')] }), (title) =>
    title === 'b' ? 'unknown' : 'done'
  );
  const { run, acted } = found;
  const skip = (more: object) => run.act({ type: 'retryActions', by: 'ana', ...more });
  expect(skip({ skip: 2 })).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('needs a reason') });
  expect(skip({ skip: 3, reason: 'r' })).toEqual({
    code: 'BAD_INPUT',
    message: 'only 2 (b), which stopped GO, can be skipped; not 3',
  });
  expect(skip({ by: 'dev', skip: 2, reason: 'r' })?.code).toBe('NOT_ALLOWED');
  expect(phase(found)).toBe('launch-failed');
  expect(skip({ skip: 2, reason: 'opened by hand' })).toBeUndefined();
  expect([acted, phase(found), verdict(found)]).toEqual([['a', 'b', 'c'], 'launched', 'GO']);
  expect(boardOf(run.world.launch, T).actions[1]).toMatchObject({
    state: 'skipped',
    attempts: 1,
    seen: 'skipped by ana: opened by hand (unknown: unknown)',
  });
});

test('one that fails after another was skipped stops GO again; the last one skipped ends it', () => {
  const found = gone(planned({ go: [call('a'), call('b')] }), () => 'failed');
  const { run, acted } = found;
  run.act({ type: 'retryActions', by: 'ana', skip: 1, reason: 'r' });
  expect([acted, phase(found)]).toEqual([['a', 'b'], 'launch-failed']);
  expect(run.act({ type: 'retryActions', by: 'ana', skip: 1, reason: 'r' })?.code).toBe('BAD_INPUT');
  run.act({ type: 'retryActions', by: 'ana', skip: 2, reason: 'r' });
  expect([acted.length, run.world.launch.ended?.how]).toEqual([2, 'launched']);
  expect(notices(found, ':act_')).toHaveLength(2);
});

test('nothing is tried again where nothing has failed', () => {
  const before = new Rehearsal(planned({ go: [call('a')] }), NOON);
  expect(before.act({ type: 'retryActions', by: 'ana' })?.code).toBe('NOTHING_TO_RETRY');
  const after = gone(planned({ go: [call('a')] }));
  expect(after.run.act({ type: 'retryActions', by: 'ana' })?.code).toBe('ENDED');
});

test('given up after a failure the launch is over, GO, and does nothing more', () => {
  const found = gone(planned({ go: [call('a'), call('b')] }), () => 'failed');
  expect(found.run.act({ type: 'cancel', by: 'ana', reason: 'by hand' })).toBeUndefined();
  expect([phase(found), verdict(found)]).toEqual(['launch-failed', 'GO']);
  expect(found.run.world.launch.ended?.how).toBe('cancelled');
  expect(nextLaunchStep(found.run.world.launch, T + HOUR)).toEqual({ do: 'finish' });
});

test.each(['hold', 'signOff', 'reschedule', 'reportBlocker'] as const)(
  '%s is not heard any more once it is GO',
  (type) => {
    const { run } = gone(planned({ go: [call('a')] }), () => 'failed');
    const more = {
      hold: { reason: 'r' },
      signOff: { answer: 'no' },
      reschedule: { at: T + HOUR, reason: 'r' },
      reportBlocker: { title: 't' },
    };
    expect(run.act({ type, by: 'ana', ...more[type] } as never)?.code).toBe('ENDED');
  }
);

test('one that is begun is not begun again, nor ended twice, nor is one of another verdict', () => {
  const { run } = gone(planned({ go: [call('a')] }), () => 'failed');
  const { launch } = run.world;
  const at = launch.followUps!.go!.at;
  const fact = { at: T, follows: 'go' as const, verdictAt: at, n: 0 };
  const again = evolveLaunch(launch, { type: 'actionBegun', attempt: 1, ...fact });
  expect(again).toBe(launch);
  expect(evolveLaunch(launch, { type: 'actionEnded', attempt: 1, outcome: 'done', seen: '', ...fact })).toBe(launch);
  const retried = evolveLaunch(launch, { type: 'actionsRetried', at: T, by: 'ana' });
  expect(dueActions(retried)).toMatchObject([{ n: 0, attempt: 2 }]);
  const begun = evolveLaunch(retried, { type: 'actionBegun', attempt: 2, ...fact });
  expect([dueActions(begun), isActing(begun)]).toEqual([[], true]);
  expect(
    evolveLaunch(begun, { type: 'actionEnded', attempt: 2, outcome: 'done', seen: '', ...fact, verdictAt: at - 1 })
  ).toBe(begun);
});

test('launched is only what has been carried out', () => {
  const { run } = gone(planned({ go: [call('a')] }), () => 'unknown');
  expect(evolveLaunch(run.world.launch, { type: 'launched', at: T }).phase).toBe('launch-failed');
});

test('the key of an action is the same for every attempt, and no other has it', () => {
  const ref = { follows: 'go' as const, verdictAt: T, n: 0, attempt: 1 };
  const others = [{ n: 1 }, { follows: 'delay' as const }, { verdictAt: T + 1 }].map((other) =>
    actionKey('demo', { ...ref, ...other })
  );
  expect(actionKey('demo', { ...ref, attempt: 2 })).toBe(actionKey('demo', ref));
  expect(new Set([actionKey('demo', ref), actionKey('demo-2', ref), ...others]).size).toBe(5);
});

test('what an action is called shows no more of an address than its host', () => {
  expect(actionTitle({ webhook: { url: 'https://me:pw@hooks.example.com/T0/secret?key=1' } })).toBe(
    'call hooks.example.com'
  );
  expect(actionTitle({ webhook: { url: { env: 'HOOK' } } })).toBe('call $HOOK');
  expect(actionTitle({ command: { name: 'open', args: ['now'] } })).toBe('run open now');
});

test('each DELAY is followed anew, what fails there stops nothing, and NO_GO is followed too', () => {
  const actions = { delay: [call('page'), call('chat')], noGo: [call('close')] };
  const run = new Rehearsal(planned(actions, { launch: { giveUpAfter: 6 * HOUR } }), NOON);
  const acted: string[] = [];
  run.outcomeOf = ({ title }) => {
    acted.push(title);
    return 'failed';
  };
  run.advance(T);
  expect(acted).toEqual(['page', 'chat']);
  expect(run.world.launch.phase).toBe('delayed');
  run.act({ type: 'reschedule', by: 'ana', at: T + 2 * HOUR, reason: 'r' });
  run.advance(T + 2 * HOUR);
  expect(acted).toEqual(['page', 'chat', 'page', 'chat']);
  run.advance(T + 8 * HOUR);
  expect(acted.slice(4)).toEqual(['close']);
  expect(run.world.launch).toMatchObject({ phase: 'stopped', verdict: { value: 'NO_GO' } });
  expect(nextLaunchStep(run.world.launch, T + 9 * HOUR)).toEqual({ do: 'finish' });
});

describe('the watch after GO', () => {
  const watched = (criteria = [probe('errors')], more: Partial<Plan['launch']> = {}) =>
    planned({}, { launch: { postLaunch: { watch: 4 * HOUR, criteria }, rollback: ['Go back'], ...more } });

  function watching(plan: Plan) {
    let outcome: Outcome | undefined = 'passed';
    const run = new Rehearsal(plan, NOON, () => outcome);
    run.actOnItem('A', { type: 'attest', by: 'dev' });
    for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
    return { found: { run, acted: [] }, run, becomes: (next: Outcome | undefined) => void (outcome = next) };
  }

  test('begins at GO, and the launch ends with it', () => {
    const { found, run } = watching(watched());
    run.advance(T - 1);
    expect(run.world.items['POST-LAUNCH.errors']).toBeUndefined();
    expect(boardOf(run.world.launch, T - 1).items.map(({ id }) => id)).toEqual(['A']);
    run.advance(T);
    expect(run.world.items['A']?.ended).toBe(true);
    expect(run.world.items['POST-LAUNCH.errors']?.status).toBe('resolved');
    run.advance(T + 4 * HOUR - 1);
    expect([phase(found), run.world.launch.ended]).toEqual(['launched', undefined]);
    run.advance(T + 4 * HOUR);
    expect(run.world.launch.ended).toEqual({ how: 'launched', at: T + 4 * HOUR, reason: 'GO' });
    expect(notices(found, ':after:').map(({ subject }) => subject)).toEqual([
      'Demo: the watch after GO is over, and everything holds',
    ]);
  });

  test('alarms once for each fall, with the steps back', () => {
    const { found, run, becomes } = watching(watched());
    run.advance(T);
    for (const outcome of ['failed', 'failed', 'passed', 'failed'] as const) {
      becomes(outcome);
      run.advance(run.world.now + 10 * MINUTE);
      run.settle();
    }
    expect(notices(found, ':after:errors').map(({ urgent }) => urgent)).toEqual([true, false, true]);
    expect(notices(found, ':after:errors')[0]?.text).toContain('1. Go back');
    expect(verdict(found)).toBe('GO');
  });

  test.each<[string, Outcome | undefined]>([
    ['could not run', 'errored'],
    ['could not tell', 'inconclusive'],
    ['never answered', undefined],
  ])('a check that %s for its errorLimit alarms, and not before', (_, outcome) => {
    const { found, run, becomes } = watching(watched());
    becomes(outcome);
    run.advance(T + 3 * MINUTE);
    expect(notices(found, ':after:errors')).toEqual([]);
    run.advance(T + 10 * MINUTE);
    expect(notices(found, ':after:errors')).toHaveLength(1);
  });

  test('says at its end what nobody has attested', () => {
    const { found, run } = watching(watched([human('support', ['qa'])]));
    run.advance(T + 4 * HOUR - 1);
    expect(boardOf(run.world.launch, run.world.now).verdict.needs).toMatchObject([
      { who: 'qa', command: 'launch attest demo POST-LAUNCH.support support --as qa' },
    ]);
    expect(notices(found, ':after:')).toEqual([]);
    run.advance(T + 4 * HOUR);
    expect(notices(found, ':after:')).toMatchObject([
      { urgent: true, text: expect.stringContaining('nobody has said') },
    ]);
    expect(run.world.launch.ended?.how).toBe('launched');
  });

  test('a waiver that the GO rested on alarms when it runs out, once', () => {
    const items = [item('A'), item('B')];
    const launch = { postLaunch: { watch: 4 * HOUR, criteria: [probe('errors')] } };
    const { found, run } = watching(planned({}, { items, must: ['A', 'B'], launch }));
    expect(
      run.actOnItem('B', { type: 'waive', by: 'carl', reason: 'later', risk: 'small', until: T + HOUR })
    ).toBeUndefined();
    for (const by of ['ana', 'carl']) run.act({ type: 'signOff', by, answer: 'yes' });
    run.advance(T + HOUR - 1);
    expect([verdict(found), notices(found, ':waiver:')]).toEqual(['GO', []]);
    run.advance(T + 4 * HOUR);
    expect(notices(found, ':waiver:')).toMatchObject([{ text: expect.stringContaining('carl had waived it: later') }]);
    expect(verdict(found)).toBe('GO');
  });

  test('goes on while an action waits for a person, and the launch does not end before that', () => {
    const plan = watched();
    const { run, found } = watching({ ...plan, onVerdict: { ...plan.onVerdict, go: [call('a')] } });
    run.outcomeOf = ({ attempt }) => (attempt === 1 ? 'failed' : 'done');
    run.advance(T + 5 * HOUR);
    expect([phase(found), run.world.launch.ended]).toEqual(['launch-failed', undefined]);
    expect(notices(found, ':after:over')).toHaveLength(1);
    run.act({ type: 'retryActions', by: 'ana' });
    expect([phase(found), run.world.launch.ended?.how]).toEqual(['launched', 'launched']);
  });
});
