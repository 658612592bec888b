import { Rehearsal } from '../../domain/simulate';
import type { Plan } from '../../domain/plan';
import { DAY, HOUR, MINUTE } from '../../domain/units';
import { NOON } from './plans';
import { everybodySaysYes, examplePlan } from './rehearsed-report';

/** The example as it may go: a fall, a waiver that is taken back, a report, an amendment, a hold, a delay, GO. */
export function exampleStory(): { run: Rehearsal; plan: Plan } {
  const plan = examplePlan(NOON);
  const world: { is: 'passed' | 'failed' } = { is: 'passed' };
  const run = new Rehearsal(plan, NOON, (item) => (item === 'BLOCKER-STAGING-001' ? world.is : 'passed'));
  const said = (refused: unknown): void => {
    if (refused) throw new Error(JSON.stringify(refused));
  };
  run.advance(NOON + HOUR);
  everybodySaysYes(run);
  run.advance(NOON + 2 * HOUR);
  world.is = 'failed';
  run.advance(NOON + 3 * HOUR);
  const [criterion] = run.world.items['BLOCKER-STAGING-001']!.plan.item.criteria;
  const until = run.world.launch.launchAt + 5 * DAY;
  const waiver = { criterion: criterion!.id, by: 'manager', reason: 'only staging', risk: 'no user tests', until };
  said(run.actOnItem('BLOCKER-STAGING-001', { type: 'waive', ...waiver }));
  said(run.actOnItem('BLOCKER-STAGING-001', { type: 'retract', by: 'manager', criterion: criterion!.id }));
  said(run.act({ type: 'reportBlocker', by: 'pilot', title: 'Sign-in is slow', impact: 'Users leave' }));
  said(run.act({ type: 'reviewBlocker', by: 'manager', report: 'REPORTED-1', accept: true }));
  said(run.act({ type: 'signOff', by: 'chief', answer: 'no', why: 'staging is down' }));
  run.advance(NOON + 5 * HOUR);
  said(run.act({ type: 'hold', by: 'manager', reason: 'until staging is back' }));
  run.advance(NOON + 6 * HOUR);
  said(run.act({ type: 'release', by: 'manager', reason: 'it is back' }));
  world.is = 'passed';
  run.advance(plan.launch.at + MINUTE);
  everybodySaysYes(run);
  for (const by of ['chief', 'manager']) said(run.act({ type: 'signOff', by, answer: 'yes', why: 'all is well' }));
  run.advance(plan.launch.at + 4 * DAY);
  return { run, plan };
}
