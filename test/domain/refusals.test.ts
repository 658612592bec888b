import type { ItemCommand, LaunchCommand } from '../../domain/commands';
import type { Item } from '../../domain/plan';
import type { RefusalCode } from '../../domain/refusal';
import { REFUSAL_CODES } from '../../domain/refusal';
import { Rehearsal } from '../../domain/simulate';
import { DAY, HOUR } from '../../domain/units';
import { human, item, NOON, planOf, probe } from '../support/plans';

/** Every refusal says which rule it is and who could do it, or what to do instead. */

const T = NOON + 2 * DAY;
const options = [
  { id: 'x', title: 'X', opens: [] },
  { id: 'y', title: 'Y', opens: ['OPENED'] },
];
const decision = { by: ['qa'], quorum: 'any' as const, options, ifSilent: 'escalate' as const };

const items: Item[] = [
  item('A', { criteria: [human('one', ['qa']), probe('up')] }),
  item('ALONE', { criteria: [human('seen', ['pilot', 'dev'], { independent: true })] }),
  item('AFTER', { after: ['A'] }),
  item('DONE'),
  item('D', { kind: 'decision', criteria: [], decision }),
  item('OPENED'),
  item('THEIRS', { external: true, criteria: [human('done', ['dev', 'manager'])] }),
  item('NOBODYS', { owners: [], criteria: [human('done', ['manager'])] }),
  item('CEOS', { owners: ['ceo'], criteria: [human('ok', ['ceo'])] }),
];

/** Carl is away for a week, and Pilot answers instead. */
const people = planOf().people.map((person) =>
  person.id === 'carl' ? { ...person, delegate: { to: 'pilot', until: NOON + 7 * DAY } } : person
);

function world(): Rehearsal {
  const run = new Rehearsal(planOf({ items, must: ['A'], plan: { people } }), NOON);
  expect(run.actOnItem('DONE', { type: 'attest', by: 'dev' })).toBeUndefined();
  return run;
}

const seen = new Set<RefusalCode>();

function refused(refusal: { code: RefusalCode; message: string } | undefined, code: RefusalCode, says: RegExp): void {
  expect(refusal).toEqual({ code, message: expect.stringMatching(says) });
  seen.add(code);
}

const waive = { type: 'waive', reason: 'r', risk: 'r', until: T + DAY } as const;

test.each<[code: RefusalCode, says: RegExp, of: { item: string; command: ItemCommand }]>([
  [
    'UNKNOWN_PERSON',
    /'eve' in this plan; it has ana or carl or dev/,
    { item: 'A', command: { type: 'acknowledge', by: 'eve' } },
  ],
  [
    'OBSERVER_MAY_NOT',
    /observer reads and does not act; comment is for people and agents/,
    { item: 'A', command: { type: 'comment', text: 'x', by: 'ana', kind: 'observer' } },
  ],
  [
    'AGENT_MAY_NOT',
    /agent may not waive; a person must/,
    { item: 'A', command: { ...waive, by: 'ana', kind: 'agent' } },
  ],
  [
    'NOT_ALLOWED',
    /acknowledged by its owners, dev, or by whoever was told/,
    { item: 'A', command: { type: 'acknowledge', by: 'qa' } },
  ],
  [
    'ALREADY',
    /DONE is resolved; there is nothing to acknowledge/,
    { item: 'DONE', command: { type: 'acknowledge', by: 'dev' } },
  ],
  ['WAITING', /AFTER waits for A/, { item: 'AFTER', command: { type: 'attest', by: 'dev' } }],
  [
    'UNKNOWN_CRITERION',
    /no criterion 'two'; it has one, up/,
    { item: 'A', command: { type: 'attest', by: 'qa', criterion: 'two' } },
  ],
  [
    'AUTOMATIC',
    /by a check, .*launch verify runs it.* ana or pilot can waive/,
    { item: 'A', command: { type: 'attest', by: 'qa', criterion: 'up' } },
  ],
  [
    'NOT_ALLOWED',
    /'one holds' is attested by qa, not by dev/,
    { item: 'A', command: { type: 'attest', by: 'dev', criterion: 'one' } },
  ],
  [
    'NOT_ALLOWED',
    /attested by pilot, not by carl; until Mon 2025-11-03 12:00 UTC pilot answers instead of carl/,
    { item: 'CEOS', command: { type: 'attest', by: 'carl' } },
  ],
  [
    'NOT_INDEPENDENT',
    /somebody who does not own ALONE: pilot$/,
    { item: 'ALONE', command: { type: 'attest', by: 'dev' } },
  ],
  [
    'NOTHING_TO_RETRACT',
    /qa has given no word .* retracted by their giver/,
    { item: 'A', command: { type: 'retract', by: 'qa' } },
  ],
  ['NOT_ALLOWED', /A is resolved by its owners, dev$/, { item: 'A', command: { type: 'resolve', by: 'qa' } }],
  [
    'NOT_ALLOWED',
    /its owners, dev or the authority, ana or pilot/,
    { item: 'THEIRS', command: { type: 'resolve', by: 'qa' } },
  ],
  [
    'NOT_ALLOWED',
    /it has none: ana or pilot can assign it/,
    { item: 'NOBODYS', command: { type: 'resolve', by: 'qa' } },
  ],
  ['UNMET', /'one holds' \(one, attested by qa\)/, { item: 'A', command: { type: 'resolve', by: 'dev' } }],
  ['UNMET', /by choosing an option: launch decide/, { item: 'D', command: { type: 'resolve', by: 'dev' } }],
  ['ALREADY', /DONE is resolved already/, { item: 'DONE', command: { type: 'resolve', by: 'dev' } }],
  [
    'NOT_A_DECISION',
    /no options .* resolved by its owners, dev/,
    { item: 'A', command: { type: 'decide', by: 'dev', option: 'x' } },
  ],
  ['UNKNOWN_OPTION', /no option 'z'; it has x, y/, { item: 'D', command: { type: 'decide', by: 'qa', option: 'z' } }],
  ['NOT_ALLOWED', /D is decided by qa, not by dev/, { item: 'D', command: { type: 'decide', by: 'dev', option: 'x' } }],
  ['NOT_ALLOWED', /given by one of the authority: ana or pilot/, { item: 'A', command: { ...waive, by: 'qa' } }],
  [
    'EXPIRES_TOO_SOON',
    /beyond the launch on Wed 2025-10-29 12:00 UTC/,
    { item: 'A', command: { ...waive, by: 'ana', until: T } },
  ],
  ['ALREADY', /nothing of DONE is left to waive/, { item: 'DONE', command: { ...waive, by: 'ana' } }],
  [
    'ALREADY',
    /A is open; only what is resolved can be reopened/,
    { item: 'A', command: { type: 'reopen', by: 'qa', reason: 'r' } },
  ],
  [
    'UNKNOWN_PERSON',
    /'eve' in this plan; it has/,
    { item: 'A', command: { type: 'assign', by: 'dev', owners: ['eve'] } },
  ],
  ['BAD_INPUT', /at least one owner/, { item: 'A', command: { type: 'assign', by: 'dev', owners: [] } }],
  [
    'NOT_ALLOWED',
    /by an owner or by the authority: ana or pilot/,
    { item: 'A', command: { type: 'assign', by: 'qa', owners: ['qa'] } },
  ],
  [
    'UNKNOWN_CRITERION',
    /'one holds' has no check to run/,
    { item: 'A', command: { type: 'verifyNow', by: 'qa', criterion: 'one' } },
  ],
])('an item: %s %s', (code, says, { item: id, command }) => {
  refused(world().actOnItem(id, command), code, says);
});

test('an item: what must be said of which of several', () => {
  const run = new Rehearsal(
    planOf({ items: [item('A', { criteria: [human('one', ['qa']), human('two', ['qa'])] })] }),
    NOON
  );
  refused(run.actOnItem('A', { type: 'attest', by: 'qa' }), 'AMBIGUOUS_CRITERION', /which criterion of A: one, two/);
});

test('an item: what is final, dropped or over', () => {
  const run = world();
  run.actOnItem('D', { type: 'decide', by: 'qa', option: 'x' });
  refused(run.actOnItem('D', { type: 'decide', by: 'qa', option: 'y' }), 'FINAL', /decided: 'x'. Reopen it/);
  refused(run.actOnItem('OPENED', { type: 'attest', by: 'dev' }), 'DROPPED', /D was decided for 'X'; reopening that/);
  run.act({ type: 'cancel', by: 'ana', reason: 'r' });
  refused(run.actOnItem('A', { type: 'attest', by: 'qa' }), 'ENDED', /the launch is over/);
});

const amended = planOf({ items, must: ['A'] });
const many = Array.from({ length: 301 }, (_, index) => item(`I${index}`));

test.each<[code: RefusalCode, says: RegExp, command: LaunchCommand]>([
  ['UNKNOWN_PERSON', /'eve' in this plan; it has ana or/, { type: 'hold', by: 'eve', reason: 'r' }],
  ['AGENT_MAY_NOT', /agent may not hold; a person must/, { type: 'hold', by: 'dev', reason: 'r', kind: 'agent' }],
  [
    'NOT_ALLOWED',
    /signOff is for the authority, ana or pilot; not for qa$/,
    { type: 'signOff', by: 'qa', answer: 'yes' },
  ],
  [
    'NOT_ALLOWED',
    /not for carl; until Mon 2025-11-03 12:00 UTC pilot answers/,
    { type: 'signOff', by: 'carl', answer: 'yes' },
  ],
  ['NOTHING_TO_RETRACT', /ana has given no answer to withdraw/, { type: 'signOff', by: 'ana', answer: 'withdraw' }],
  [
    'CHANGED',
    /is not what is now .* Look again/,
    { type: 'signOff', by: 'ana', answer: 'yes', seen: { digest: 'old' } },
  ],
  ['NOT_HELD', /nothing holds this launch/, { type: 'release', by: 'ana' }],
  [
    'NOT_ALLOWED',
    /reschedule is for the authority, ana or pilot/,
    { type: 'reschedule', by: 'qa', at: T + DAY, reason: 'r' },
  ],
  [
    'IN_THE_PAST',
    /in the future; Mon 2025-10-27 11:00 UTC is past/,
    { type: 'reschedule', by: 'ana', at: NOON - HOUR, reason: 'r' },
  ],
  ['UNKNOWN_PERSON', /nobody is called 'eve'/, { type: 'reportBlocker', by: 'qa', title: 't', owners: ['eve'] }],
  [
    'IN_THE_PAST',
    /a deadline must lie in the future; Mon 2025-10-27 12:00 UTC is past/,
    { type: 'reportBlocker', by: 'qa', title: 't', deadline: NOON },
  ],
  [
    'NOT_ALLOWED',
    /reviewBlocker is for the authority, ana or pilot/,
    { type: 'reviewBlocker', by: 'qa', report: 'R', accept: true },
  ],
  [
    'UNKNOWN_REPORT',
    /reported as 'R'; reported: none/,
    { type: 'reviewBlocker', by: 'ana', report: 'R', accept: true },
  ],
  ['NOT_ALLOWED', /amend is for the authority/, { type: 'amend', by: 'qa', plan: amended, reason: 'r' }],
  [
    'BAD_INPUT',
    /the plan is of 'other', this launch is 'demo'/,
    { type: 'amend', by: 'ana', plan: { ...amended, id: 'other' }, reason: 'r' },
  ],
  [
    'TOO_MANY_ITEMS',
    /at most 300 items/,
    { type: 'amend', by: 'ana', plan: planOf({ items: many, must: ['I0'] }), reason: 'r' },
  ],
  ['NOT_ALLOWED', /retryActions is for the authority/, { type: 'retryActions', by: 'qa' }],
  ['NOTHING_TO_RETRY', /only an action of GO that failed/, { type: 'retryActions', by: 'ana' }],
  ['NOT_ALLOWED', /cancel is for the authority/, { type: 'cancel', by: 'qa', reason: 'r' }],
])('a launch: %s %s', (code, says, command) => {
  refused(world().act(command), code, says);
});

test('a launch: releases and reviews that come too late, and anything after its end', () => {
  const run = world();
  run.act({ type: 'hold', by: 'qa', reason: 'r' });
  refused(run.act({ type: 'release', by: 'qa' }), 'NOT_ALLOWED', /release is for the authority, ana or pilot/);
  run.act({ type: 'reportBlocker', by: 'qa', title: 't' });
  const review: LaunchCommand = { type: 'reviewBlocker', by: 'ana', report: 'REPORTED-1', accept: false };
  refused(run.act(review), 'BAD_INPUT', /a rejection needs a reason/);
  expect(run.act({ ...review, reason: 'known' })).toBeUndefined();
  refused(run.act({ ...review, reason: 'known' }), 'ALREADY', /REPORTED-1 was rejected by ana/);
  run.act({ type: 'cancel', by: 'ana', reason: 'r' });
  refused(run.act({ type: 'hold', by: 'qa', reason: 'r' }), 'ENDED', /it takes no more answers/);
});

test('every code that the rules of items and launches refuse with is here', () => {
  // Told by the client, by the workflow that keeps the keys, or by nobody yet.
  const elsewhere: RefusalCode[] = ['UNKNOWN_ITEM', 'HELD', 'KEY_REUSED'];
  expect(REFUSAL_CODES.filter((code) => !seen.has(code))).toEqual(elsewhere);
});
