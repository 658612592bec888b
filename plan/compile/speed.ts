/** A plan run faster than it was written, so that a week can be tried in minutes. */
import type { Criterion, Instant, Item, Plan, Sla } from '../../domain/plan';
import { DAY } from '../../domain/units';

/** Temporal does not wait precisely below a second, so nothing that waits may come near it. */
export const SHORTEST_WAIT = 2_000;
/** Every must is measured in it, and each measurement may take some seconds. */
export const SHORTEST_FINAL_POLL = 20_000;

class Clock {
  readonly floors = new Set<string>();

  constructor(
    private readonly factor: number,
    private readonly start: number
  ) {}

  /** Zero stays zero: what happens at once waits for nothing. */
  duration(ms: number, name: string, floor = SHORTEST_WAIT): number {
    const faster = Math.round(ms / this.factor);
    if (ms === 0 || faster >= floor) return faster;
    this.floors.add(`${name}: at least ${floor / 1_000} s`);
    return floor;
  }

  optional(ms: number | undefined, name: string): number | undefined {
    return ms === undefined ? undefined : this.duration(ms, name);
  }

  at(at: number): number {
    return this.start + Math.round((at - this.start) / this.factor);
  }
}

interface Speeding {
  clock: Clock;
  /** T after speeding up. */
  launch: number;
}

function instant({ clock, launch }: Speeding, { at, anchor }: Instant): Instant {
  const faster = clock.at(at);
  return anchor ? { at: faster, anchor: { days: 0, ms: faster - launch } } : { at: faster };
}

function optionalInstant(speeding: Speeding, value: Instant | undefined): Instant | undefined {
  return value && instant(speeding, value);
}

function criterion(speeding: Speeding, value: Criterion): Criterion {
  const { clock } = speeding;
  return {
    ...value,
    watch: value.watch && { ...value.watch, every: clock.duration(value.watch.every, 'every') },
    freshFor: clock.optional(value.freshFor, 'freshFor'),
    from: optionalInstant(speeding, value.from),
  };
}

function sla({ clock }: Speeding, value: Sla): Sla {
  return {
    respond: clock.optional(value.respond, 'sla.respond'),
    resolve: clock.optional(value.resolve, 'sla.resolve'),
    clock: 'wall',
  };
}

function clocks(speeding: Speeding, value: Pick<Item, 'sla' | 'escalation' | 'remind'>): typeof value {
  const { clock } = speeding;
  return {
    sla: sla(speeding, value.sla),
    escalation: value.escalation.map((step) => ({
      ...step,
      after: clock.duration(step.after, 'escalation.after'),
      repeat: clock.optional(step.repeat, 'escalation.repeat'),
    })),
    remind: value.remind.map((before) => clock.duration(before, 'remind')),
  };
}

function item(speeding: Speeding, value: Item): Item {
  const { planned } = value;
  return {
    ...value,
    ...clocks(speeding, value),
    deadline: optionalInstant(speeding, value.deadline),
    planned: planned && {
      from: optionalInstant(speeding, planned.from),
      to: optionalInstant(speeding, planned.to),
    },
    criteria: value.criteria.map((inner) => criterion(speeding, inner)),
  };
}

function launch(speeding: Speeding, value: Plan['launch']): Plan['launch'] {
  const { clock } = speeding;
  return {
    ...value,
    at: speeding.launch,
    finalPoll: clock.duration(value.finalPoll, 'finalPoll', SHORTEST_FINAL_POLL),
    signOffGrace: clock.duration(value.signOffGrace, 'signOffGrace'),
    announce: { ...value.announce, lead: clock.duration(value.announce.lead, 'announce.lead') },
    giveUpAfter: clock.optional(value.giveUpAfter, 'delay.giveUpAfter'),
    noGo: value.noGo.map((inner) => criterion(speeding, inner)),
    milestones: value.milestones.map((milestone) => ({ ...milestone, at: optionalInstant(speeding, milestone.at) })),
    postLaunch: value.postLaunch && {
      watch: clock.duration(value.postLaunch.watch, 'postLaunch.watch'),
      criteria: value.postLaunch.criteria.map((inner) => criterion(speeding, inner)),
    },
  };
}

/**
 * The plan with every duration, and every distance from its start, divided by `factor`; windows and business time are
 * gone. A check's timeout and operands stay. `speed` of the result says where a floor applied.
 */
export function speedUp(plan: Plan, factor: number): Plan {
  const clock = new Clock(factor, plan.start);
  const speeding = { clock, launch: clock.at(plan.launch.at) };
  const { calendar, defaults } = plan;
  const { zone, transitions, until } = calendar;
  // Rules divide the day itself; here it is only said where that has an end.
  if (plan.standup) clock.duration(DAY, 'standup');
  return {
    ...plan,
    calendar: { zone, transitions, until },
    launch: launch(speeding, plan.launch),
    people: plan.people.map((person) =>
      person.delegate ? { ...person, delegate: { ...person.delegate, until: clock.at(person.delegate.until) } } : person
    ),
    items: plan.items.map((inner) => item(speeding, inner)),
    defaults: clocks(speeding, defaults),
    standup: plan.standup && {
      ...plan.standup,
      reviews: plan.standup.reviews.map((review) => instant(speeding, review)),
    },
    metrics: plan.metrics.map((metric) => ({ ...metric, by: optionalInstant(speeding, metric.by) })),
    speed: { factor, floors: [...clock.floors] },
  };
}
