import { z } from 'zod';
import { ITEM_KINDS, PRIORITIES, SEVERITIES } from '../../domain/plan';
import { id, name, threshold } from '../schema/scalars';

/** Which items are counted; all that is given must hold. Also used by metrics. */
export const where = z.strictObject({
  kind: z.enum(ITEM_KINDS).optional().describe('Items of this kind.'),
  priority: z.enum(PRIORITIES).optional().describe('Items of this priority.'),
  severity: z.enum(SEVERITIES).optional().describe('Items of this severity.'),
  owner: name.optional().describe('Items that this person, or anybody of this role or group, owns.'),
  ids: z.array(id).optional().describe('These items.'),
});

/** A count and a share cannot be compared before the items are counted. */
function isInOrder({ atLeast, atMost }: { atLeast?: number | string; atMost?: number | string }): boolean {
  if (atLeast === undefined || atMost === undefined || typeof atLeast !== typeof atMost) return true;
  return Number.parseFloat(`${atLeast}`) <= Number.parseFloat(`${atMost}`);
}

export const itemsCheck = z
  .strictObject({
    type: z.literal('items').describe("Counted from the items' states, without looking outside."),
    where: where.optional().meta({ description: 'Which items are counted.', absent: 'all but the one that asks' }),
    is: z.enum(['resolved', 'open']).optional().meta({
      description: 'State that counts; waived is not resolved, dropped items are left out.',
      default: 'resolved',
    }),
    atLeast: threshold.optional().describe('At least this count or share of them.'),
    atMost: threshold.optional().describe('At most this count or share of them; passes when there are none.'),
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
    error: 'at least one of atLeast, atMost',
  })
  .refine(isInOrder, { error: 'an atMost that is not below atLeast' })
  .describe('Counts items.');

export type ItemsCheckConfig = z.infer<typeof itemsCheck>;
