import { z } from 'zod';
import type { Calendar } from '../domain/plan';
import { extendCalendar } from '../plan/compile';
import { badInput } from './input';

/** Time zones, windows and holidays as numbers, which workflow code cannot compute. */
export const createCalendarActivities = () => ({
  /** The calendar up to `until` (epoch ms); what it said before stays as it was. */
  async extendCalendar(given: { calendar: Calendar; until: number }): Promise<Calendar> {
    const shape = z.object({ calendar: z.looseObject({ zone: z.string(), until: z.number() }), until: z.number() });
    const parsed = shape.safeParse(given);
    if (!parsed.success) throw badInput('a calendar to extend', parsed.error);
    return extendCalendar(given, given.until);
  },
});
