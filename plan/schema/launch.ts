import { z } from 'zod';
import { criterion, measureKeys, refineMeasure } from './criterion';
import { ownedKeys } from './item';
import { duration, id, moment, names, quorum, sourceLine, text, threshold, title } from './scalars';

/** `Mon-Thu 09:00-17:00`, the days being one, a range, or several with commas. */
const OPEN_HOURS =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?(, *(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))?)* ([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const openHours = z.string().regex(OPEN_HOURS, { error: 'weekdays and hours like "Mon-Thu 09:00-17:00"' });
const region = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Za-z0-9]{1,4}){0,2}$/, { error: 'a country like US, or a region of it like US-CA or DE-BY' });

const windows = z.strictObject({
  open: z
    .union([openHours, z.array(openHours).min(1, { error: 'at least one' })], {
      error: 'weekdays and hours like "Mon-Thu 09:00-17:00", or a list of them',
    })
    .optional()
    .meta({ description: "When a launch may happen, in the plan's time zone.", absent: 'always' }),
  holidays: z
    .union([region, z.array(region)], { error: 'a country like US, or a region of it like US-CA, or a list of them' })
    .optional()
    .describe('Public holidays of these countries or regions are closed, and are no business time.'),
  freezes: z
    .array(
      z.strictObject({
        title: title.optional().describe('Why.'),
        from: moment.describe('Instant at which the freeze begins; a date alone is its first minute.'),
        to: moment.describe('Instant at which the freeze ends; a date alone is its last minute.'),
      })
    )
    .optional()
    .describe('Times at which no launch happens.'),
});

const milestone = z.strictObject({
  title: title.describe('What it is called.'),
  at: moment.optional().describe('Instant at which it is planned.'),
  items: z.array(id).optional().describe('Items that belong to it.'),
  source: sourceLine.optional(),
});

export const launch = z.strictObject({
  at: moment
    .optional()
    .describe('Instant of the launch, called T; without an hour, or left out, `start` asks for --launch-at.'),
  finalPoll: duration
    .optional()
    .meta({ description: 'Duration before T from which every must is measured afresh.', default: '30m' }),
  authority: z
    .strictObject({
      roles: names.describe('Roles or people who sign the launch off.'),
      quorum: quorum.optional().meta({ description: 'How many of them must say yes.', default: 'all' }),
      no: z
        .enum(['hold', 'stop'])
        .optional()
        .meta({ description: 'What a "no" does: delay the launch, or end it.', default: 'hold' }),
    })
    .describe('Who signs the launch off.'),
  separation: z
    .boolean()
    .optional()
    .meta({ description: 'Whoever resolved, attested or waived a must does not count as authority.', default: false }),
  signOffGrace: duration
    .optional()
    .meta({ description: 'Duration for which a sign-off outlives a must that fell back.', default: '1h' }),
  announce: z
    .strictObject({
      lead: duration
        .optional()
        .meta({ description: 'Duration before T at which the launch is announced.', default: '0m' }),
      to: names
        .optional()
        .meta({ description: 'People, roles, groups and channels who are told.', default: 'everyone' }),
    })
    .optional()
    .describe('The announcement, without which there is no GO.'),
  delay: z
    .strictObject({
      mode: z.enum(['until-resolved']).optional().meta({
        description: 'After DELAY the launch takes the next possible instant by itself.',
        default: 'until-resolved',
      }),
      giveUpAfter: duration
        .optional()
        .describe(
          'Duration after the first date, or the last that a person set, at which the launch is given up as NO_GO.'
        ),
    })
    .optional()
    .describe('What follows a DELAY.'),
  windows: windows.optional().describe('When a launch may happen.'),
  shouldMin: threshold.optional().meta({ description: 'Count or share of shoulds that must be met.', default: 0 }),
  noGo: z.array(criterion).optional().describe('Criteria of which any that holds makes the verdict NO_GO.'),
  milestones: z.array(milestone).optional().describe('Planned stages; shown, never acted on.'),
  postLaunch: z
    .strictObject({
      watch: duration.describe('Duration after GO for which they are watched.'),
      criteria: z.array(criterion).describe('What must stay true.'),
    })
    .optional()
    .describe('What is watched after GO.'),
  rollback: z.array(text).optional().describe('Steps to take the launch back.'),
});

export const gateEntry = z
  .strictObject({
    item: id.optional().describe('Item that this names; else the entry has a criterion of its own and is an item too.'),
    id: id
      .optional()
      .meta({ description: "The entry's own item, where it names none.", absent: 'made from the title' }),
    title: title.optional().meta({ description: 'As the gate words it.', absent: "the item's title" }),
    ...ownedKeys,
    ...measureKeys,
    source: sourceLine.optional(),
  })
  .superRefine((value, context) => {
    if (value.item === undefined) {
      if (value.title === undefined) context.addIssue({ code: 'custom', message: 'an item or a title' });
      return refineMeasure(value, context);
    }
    for (const key of ['id', ...Object.keys(ownedKeys), ...Object.keys(measureKeys)] as Array<keyof typeof value>) {
      if (value[key] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `either item or ${key}; put ${key} on the item itself`,
      });
    }
  });
export type GateEntryDocument = z.infer<typeof gateEntry>;

export const gates = z.strictObject({
  must: z.array(gateEntry).optional().describe('All of these, or no GO; never empty.'),
  should: z.array(gateEntry).optional().describe('Unmet ones become conditions of the GO.'),
  nice: z.array(gateEntry).optional().describe('Shown, never in the way.'),
});
