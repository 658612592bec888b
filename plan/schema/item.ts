import { z } from 'zod';
import { ITEM_KINDS, PRIORITIES, SEVERITIES } from '../../domain/plan';
import { criterion } from './criterion';
import { count, duration, id, moment, name, names, quorum, sourceLine, text, title } from './scalars';

const ids = z.array(id);

export const sla = z.strictObject({
  respond: duration.optional().describe('Duration until an owner must have acknowledged.'),
  resolve: duration.optional().describe('Duration until it must be resolved.'),
  clock: z
    .enum(['wall', 'business'])
    .optional()
    .meta({ description: "Which time counts: all of it, or business hours in the plan's time zone.", default: 'wall' }),
});

export const escalation = z.array(
  z.strictObject({
    after: duration.describe('Duration after the clock has passed; 0m is at once.'),
    to: names.describe('People, roles or groups who are told.'),
    repeat: duration.optional().describe('Told again this often until somebody who was told acknowledges.'),
  })
);

export const remind = z.array(duration);

const option = z.strictObject({
  id: id.optional().meta({ description: 'Unique within its decision.', absent: 'made from the title' }),
  title: title.describe('What is chosen.'),
  consequences: text.optional().describe('What follows from choosing it, in plain words; part of the decision record.'),
  opens: ids.optional().describe('Items that start when this is chosen, and wait for the decision until then.'),
  source: sourceLine.optional(),
});

export const ownedKeys = {
  owners: names.optional().describe('People, roles or groups who resolve it.'),
  priority: z.enum(PRIORITIES).optional().describe('P0 is the most urgent.'),
  severity: z.enum(SEVERITIES).optional().describe('How bad it is.'),
  deadline: moment.optional().describe('Instant by which it must be resolved.'),
};

const keys = {
  id: id.optional().meta({ description: 'Unique among items.', absent: 'made from the title' }),
  kind: z
    .enum(ITEM_KINDS)
    .optional()
    .meta({ description: 'What it is called; only a decision has options.', default: 'task' }),
  title: title.optional().describe('What it is; only an external item may go without, and then its id stands for it.'),
  impact: text.optional().describe('What it stops, in plain words.'),
  ...ownedKeys,
  reportedBy: names.optional().describe('People, roles or groups who found it.'),
  planned: z
    .strictObject({
      from: moment.optional().describe('Instant at which work is planned to begin.'),
      to: moment.optional().describe('Instant at which work is planned to end.'),
    })
    .optional()
    .describe('When work on it is planned; nothing is told when it passes.'),
  estimate: duration.optional().describe('Duration of the work as estimated.'),
  after: ids.optional().describe('Items that must be satisfied before this one opens.'),
  unblocks: ids.optional().describe('Items that wait for this one: the same edge as `after`, seen from the other end.'),
  verifies: ids.optional().describe('Items whose completion this one verifies; said only, it makes nobody wait.'),
  orders: ids.optional().describe('Items that this one puts in order; said only, it makes nobody wait.'),
  external: z
    .boolean()
    .optional()
    .meta({ description: "Someone else's, known by id only; it has no clock.", default: false }),
  progress: z
    .strictObject({
      done: count.describe('Parts done.'),
      total: count.describe('Parts in all.'),
    })
    .optional()
    .describe('How far it was when the document was written.'),
  startAs: z
    .enum(['acknowledged', 'resolved'])
    .optional()
    .describe('State it is said to be in; `resolved` must still be attested by its owners.'),
  sla: sla.optional().meta({ description: 'Its own clocks.', absent: 'defaults.sla' }),
  escalation: escalation.optional().meta({ description: 'Its own chain.', absent: 'defaults.escalation' }),
  remind: remind.optional().meta({
    description: 'Durations before the deadline, and before each limit of its SLA, at which its owners are reminded.',
    absent: 'defaults.remind',
  }),
  notes: text.optional().describe('Anything worth knowing; shown, never acted on.'),
  source: sourceLine.optional(),
  acceptance: z
    .array(criterion)
    .optional()
    .meta({ description: 'What must be true for it to be resolved.', absent: "its owners' word" }),
  options: z.array(option).optional().describe('What can be decided; for decisions only.'),
  decide: z
    .strictObject({
      by: names.optional().meta({ description: 'People, roles or groups who may decide.', absent: 'the owners' }),
      quorum: quorum.optional().meta({ description: 'How many of them must choose the same option.', default: 'any' }),
    })
    .optional()
    .describe('Who decides; for decisions only.'),
  ifSilent: name.optional().meta({
    description:
      'At the deadline without a decision: `escalate`, or the id of the option to take; that not where the item waited or was held at the deadline, or was reopened after it.',
    default: 'escalate',
  }),
};

const DECISION_KEYS = ['options', 'decide', 'ifSilent'] as const;

export const item = z.strictObject(keys).superRefine((value, context) => {
  if (value.title === undefined && !(value.external && value.id)) {
    context.addIssue({
      code: 'custom',
      path: ['title'],
      message: 'a title (only an external item with an id may go without)',
    });
  }
  if (value.progress && value.progress.done > value.progress.total) {
    context.addIssue({
      code: 'custom',
      path: ['progress', 'done'],
      message: `at most the total, ${value.progress.total}`,
    });
  }
  if (value.kind === 'decision') {
    if (!value.options?.length) {
      context.addIssue({ code: 'custom', path: ['options'], message: 'at least one option, since it is a decision' });
    }
    return;
  }
  for (const key of DECISION_KEYS) {
    if (value[key] !== undefined)
      context.addIssue({ code: 'custom', path: [key], message: `${key} only on kind: decision` });
  }
});
export type ItemDocument = z.infer<typeof item>;
