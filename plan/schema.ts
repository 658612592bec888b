/**
 * The plan document as people write it. One schema per thing, every key described (`docs/plan-reference.md` and the
 * JSON Schema are made from it), unknown keys refused. Values stay as written: `plan/compile.ts` turns them into the
 * plan of `domain/plan.ts`.
 */
import { z } from 'zod';
import { where } from './checks/items';
import { onVerdict } from './schema/action';
import { escalation, item, remind, sla } from './schema/item';
import { gates, launch } from './schema/launch';
import { channel, groups, person } from './schema/people';
import { clockTime, id, moment, name, names, positive, sourceLine, timezone, title, weekdays } from './schema/scalars';

const defaults = z.strictObject({
  sla: sla.optional().describe('Clocks of items without their own.'),
  escalation: escalation.optional().describe('Who is told when a clock has passed, for items without their own.'),
  remind: remind
    .optional()
    .describe('Durations before a deadline, and before each limit of an SLA, at which owners are reminded.'),
});

const standup = z.strictObject({
  at: clockTime.describe("Time of day in the plan's time zone."),
  days: weekdays.optional().meta({ description: 'Weekdays.', default: 'Mon-Fri' }),
  to: names.describe('People, roles, groups and channels who get it.'),
  reviews: z.array(moment).optional().describe('Further instants at which it is sent.'),
});

const metric = z.strictObject({
  id: id.optional().meta({ description: 'Unique among metrics.', absent: 'made from the title' }),
  title: title.describe('What it is called.'),
  measure: z
    .enum(['resolved-share', 'idle-owners', 'overdue', 'sla-kept'])
    .describe('Share of items resolved, share of people without an open item, items overdue, or share of clocks kept.'),
  where: where.optional().describe('Which items are counted.'),
  target: z
    .string()
    .regex(/^(<=|>=|<|>|=) ?\d+(\.\d+)? ?%?$/, { error: 'a comparison like "< 10%" or ">= 5"' })
    .optional()
    .describe('What it should be.'),
  baseline: z.number().optional().describe('What it was when the document was written.'),
  by: moment.optional().describe('Instant by which the target should be reached.'),
  source: sourceLine.optional(),
});

const contextLine = z.union(
  [
    title,
    z.strictObject({
      title: title.describe('What it is.'),
      value: z.json().optional().describe('Its value.'),
      source: sourceLine.optional(),
    }),
  ],
  { error: 'a line of text, or { title, value }' }
);

export const planDocument = z.strictObject({
  version: z.literal(1, { error: 'the number 1' }).describe('Version of this format; always 1.'),
  id: id.optional().meta({ description: 'Id of the launch.', absent: 'made from the title' }),
  title: title.describe('What is launched.'),
  timezone: timezone
    .optional()
    .meta({ description: 'IANA time zone of all dates and hours without an offset.', default: 'UTC' }),
  launch: launch.describe('The launch itself.'),
  people: z.array(person).describe('Everybody who is named.'),
  groups: groups.optional().describe('Names for several people; `everyone` is always there.'),
  channels: z.record(id, channel).optional().describe('Ways to reach people.'),
  defaults: defaults.optional().describe('What holds for items without their own.'),
  items: z.array(item).optional().describe('The units of work.'),
  gates: gates.describe('What a GO needs.'),
  standup: standup.optional().describe('The regular digest.'),
  metrics: z.array(metric).optional().describe('Figures that are computed and shown.'),
  onVerdict: onVerdict.optional().describe('What follows a verdict.'),
  notify: z
    .strictObject({
      perHour: positive.optional().meta({
        description: 'Most messages to one address in an hour, over all launches; the rest go together in one.',
        absent: '20 for `slack` and `email`, no limit for `webhook`',
      }),
      fallback: name
        .optional()
        .describe('Channel that is used when another is given up, and for people who have none of their own.'),
    })
    .optional()
    .describe('Limits of notices.'),
  context: z.array(contextLine).optional().describe('Figures and lines worth keeping; shown, never acted on.'),
});

/** A plan document that has the right shape; references and dates are checked by `plan/validate.ts`. */
export type PlanDocument = z.infer<typeof planDocument>;
