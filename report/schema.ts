import { z } from 'zod';

/**
 * What `launch report --json` prints and the other formats are made of. Instants are ISO 8601 in UTC. Null is "not
 * known", and `notKnown` says why; an empty list is "none".
 */

const instant = z.string().describe('ISO 8601 in UTC');
const instantOrNull = instant.nullable();
const text = z.string();
const textOrNull = z.string().nullable();
const names = z.array(z.string());

export const VERDICTS = ['GO', 'DELAY', 'NO_GO'] as const;
const reason = z.object({ code: text, ref: text.describe('item, person, role or report that it is about'), text });

const given = z.object({
  value: z.enum(VERDICTS),
  at: instant,
  launchAt: instant.describe('the date that it was given for'),
  reasons: z.array(reason),
  conditions: z.array(reason).describe('waivers and unmet shoulds that a GO was given with'),
});

const word = z.object({
  by: text,
  at: instant,
  note: textOrNull,
  link: textOrNull,
  file: z.object({ name: text, sha256: text }).nullable(),
  stale: z.object({ at: instant, reason: text }).nullable().describe('it does not count any more'),
});
const run = z.object({ outcome: text, at: instant, tookMs: z.number(), inRow: z.int(), seen: text });
const metBy = run.omit({ outcome: true }).extend({ type: text, digest: text, revision: z.int() });

const criterion = z.object({
  id: text,
  title: text,
  state: text,
  automatic: z.boolean(),
  evidence: textOrNull.describe('what its state rests on, or what speaks against it, in one line'),
  metBy: metBy.nullable().describe('the check and the run that made it met, while it is'),
  measured: run.nullable().describe('the last run of its check that was taken in'),
  polled: run.nullable().describe('of the last final poll'),
  words: z.array(word),
});

const item = z.object({
  id: text,
  kind: text,
  title: text,
  gate: z.enum(['must', 'should', 'nice']).nullable().describe('the strongest that names it'),
  status: text,
  owners: names,
  priority: textOrNull,
  deadline: instantOrNull,
  overdue: z.boolean(),
  chosen: textOrNull,
  reopened: z.int().describe('how often it was settled and is not any more'),
  openedAt: instantOrNull,
  settledAt: instantOrNull,
  late: z
    .number()
    .nullable()
    .describe('ms by which it was settled after its deadline, or is late now; negative: early'),
  detailed: z.boolean().describe('false: the ledger does not say more of it than the board'),
  criteria: z.array(criterion),
});

const gate = z.array(
  z.object({ ref: text, title: text, state: z.enum(['met', 'waived', 'unmet', 'dropped']), reason: textOrNull })
);

const choice = z.object({ by: text, option: text, at: instant, why: textOrNull });
const quorum = z.union([z.enum(['any', 'all']), z.number(), z.record(text, z.number())]);
const decision = z.object({
  id: text,
  title: text,
  status: text,
  context: z.object({
    impact: textOrNull,
    notes: textOrNull,
    remarks: z.array(z.object({ by: text, at: instant, text })).describe('the last 20'),
  }),
  options: z.array(
    z.object({ id: text, title: text, consequences: textOrNull, opens: names, drops: names, chosenBy: names })
  ),
  decidedBy: z.object({ who: names, quorum }),
  deadline: instantOrNull,
  ifSilent: text,
  choice: z
    .object({ option: text, title: text, how: z.enum(['quorum', 'silent']), choices: z.array(choice) })
    .nullable(),
  choices: z.array(choice),
  dissent: z.array(choice),
  final: instantOrNull,
  reopened: z.int(),
});

const waiver = z.object({
  item: text,
  criterion: text,
  by: text,
  at: instant,
  reason: text,
  risk: text,
  until: instant,
  ended: z
    .object({ how: z.enum(['retracted', 'replaced', 'expired']), at: instant, by: textOrNull })
    .nullable()
    .describe('null: it was in force when the report was made'),
});

const signature = z.object({
  by: text,
  at: instant,
  answer: z.enum(['yes', 'no', 'withdraw']),
  digest: text.describe('of what was signed'),
  accepts: names.describe('conditions that were accepted'),
  why: textOrNull,
  since: z.array(z.object({ at: instant, what: z.enum(['suspended', 'void']), text })).describe('what became of it'),
});

const slip = z.object({ at: instant, from: instant, to: instant, by: textOrNull, reason: text });
const metric = z.object({
  id: text,
  title: text,
  value: z.number().nullable().describe('in percent where `of` is there'),
  target: textOrNull,
  met: z.boolean().nullable(),
  baseline: z.number().nullable(),
  counted: z.number().nullable(),
  of: z.number().nullable(),
  by: instantOrNull,
});
const hold = z.object({
  by: text,
  at: instant,
  reason: text,
  released: z.object({ by: text, at: instant, reason: textOrNull }).nullable(),
});
const reported = z.object({
  id: text,
  title: text,
  by: text,
  at: instant,
  impact: textOrNull,
  priority: textOrNull,
  severity: textOrNull,
  review: z.object({ by: text, at: instant, accept: z.boolean(), reason: textOrNull }).nullable(),
});
const revision = z.object({
  revision: z.int(),
  at: instant,
  by: textOrNull,
  reason: textOrNull,
  digest: text.describe('SHA-256 over its canonical JSON'),
  added: names,
  removed: names,
  changed: names.describe('items'),
  parts: names.describe('other parts of the plan'),
});
const fall = z.object({ item: text, at: instant, kind: text, text, must: z.boolean() });
const action = z.object({
  follows: z.enum(['go', 'delay', 'noGo']),
  number: z.int(),
  title: text,
  state: text,
  attempts: z.int(),
  at: instantOrNull,
  seen: textOrNull,
});
const milestone = z.object({
  title: text,
  at: instantOrNull,
  items: names,
  settled: z.int().nullable().describe('how many of its items were settled'),
});
const watched = z.object({ id: text, title: text, state: text, evidence: textOrNull, alarmed: z.boolean() });

const span = z.object({ status: text, from: instant, to: instantOrNull });
const timeline = z.object({
  from: instant,
  to: instant,
  rows: z.array(
    z.object({
      item: text,
      title: text,
      gate: item.shape.gate,
      status: text,
      deadline: instantOrNull,
      spans: z.array(span).describe('when it was open, acknowledged, settled, waiting'),
      falls: z.array(instant),
    })
  ),
  marks: z.array(
    z.object({
      at: instant,
      kind: z.enum(['verdict', 'moved', 'milestone', 'launch', 'announced', 'held', 'signed', 'end']),
      text,
    })
  ),
});

const ledger = z.object({
  entries: z.int(),
  facts: z.int(),
  head: textOrNull.describe('NUMBER:HASH of its last entry; null: it has none'),
  verified: z.boolean().describe('each entry is as it was written, and follows the one before it'),
  broken: z.int(),
  findings: z.array(z.object({ code: text, number: z.int(), text })).describe('at most 20'),
  vouchedTo: z.int().describe('the last entry that a head kept outside of the database vouches for; 0: none'),
  kept: z.array(z.object({ from: text, number: z.int().nullable(), holds: z.boolean() })),
  unasked: textOrNull.describe('why Temporal was not asked which head it keeps'),
});

export const reportSchema = z
  .object({
    format: z.literal(1),
    launch: text,
    title: text,
    revision: z.int().nullable(),
    timezone: text,
    trial: z.boolean().describe('nothing was sent'),
    speed: z.number().nullable().describe('how many times as fast as the plan it ran'),
    made: z.object({
      at: instant.describe('when this report was made'),
      of: instant.describe('the instant that its state is of'),
      from: z.enum(['launch', 'ledger', 'kept board', 'nothing']).describe('what its state was read from'),
      text: text.describe('the same in words'),
      differs: names.describe('where the launch, or the board that was kept, says otherwise than its ledger'),
    }),
    notKnown: names.describe('what could not be found out, in sentences'),
    verdict: z.object({
      value: z.enum(VERDICTS).nullable().describe('null: not known'),
      final: z.boolean().nullable().describe('false: as things stand'),
      at: instantOrNull,
      sentence: text,
      reasons: z.array(reason),
      conditions: z.array(reason),
      needs: z.array(z.object({ who: text, action: text, ref: text })),
      given: z.array(given).describe('every verdict that was given, in order'),
    }),
    phase: textOrNull,
    launchAt: instantOrNull,
    firstAt: instantOrNull.describe('the date that it was started with'),
    startedAt: instantOrNull,
    startedBy: textOrNull,
    ended: z.object({ how: text, at: instant, reason: text }).nullable(),
    gates: z.object({ must: gate, should: gate, nice: gate }).nullable(),
    items: z.array(item).nullable(),
    decisions: z.array(decision).nullable(),
    waivers: z.array(waiver).nullable(),
    authority: z.object({ by: names, quorum, separation: z.boolean() }).nullable(),
    signOffs: z.object({
      standing: z.array(z.object({ by: text, answer: text, state: text, at: instant, reason: textOrNull })).nullable(),
      missing: names.nullable().describe('roles whose yes is missing'),
      digest: textOrNull.describe('of what a signature stands for now'),
      given: z.array(signature).nullable(),
    }),
    slips: z.array(slip).nullable(),
    milestones: z.array(milestone).nullable(),
    metrics: z.array(metric).nullable(),
    falls: z.array(fall).nullable().describe('what was settled and is, or was, not any more'),
    holds: z.array(hold).nullable(),
    reported: z.array(reported).nullable().describe('blockers that were reported while it ran'),
    revisions: z.array(revision).nullable(),
    actions: z.array(action).nullable().describe('what follows the verdicts'),
    postLaunch: z
      .object({ from: instantOrNull, until: instantOrNull, over: z.boolean(), criteria: z.array(watched) })
      .nullable()
      .describe('the watch after GO; null: the plan has none, or it is not known'),
    rollback: names,
    timeline: timeline.nullable(),
    ledger,
  })
  .describe('All that is worth keeping of a launch. Null: not known, see notKnown.');

export type Report = z.infer<typeof reportSchema>;
export type ReportItem = z.infer<typeof item>;
export type ReportCriterion = z.infer<typeof criterion>;
export type ReportTimeline = z.infer<typeof timeline>;
export type ReportWaiver = z.infer<typeof waiver>;
export type ReportSignature = z.infer<typeof signature>;
