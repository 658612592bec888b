import type { Action, Metric, Person, Plan } from '../../domain/plan';
import { GATES } from '../../domain/plan';
import { MINUTE } from '../../domain/units';
import { addressees, asList, EVERYONE, expand } from '../names';
import type { PlanDocument } from '../schema';
import { parseDuration, parseMoment, parseWeekdays, resolveMoment } from '../time';
import { instant, optionalDuration, optionalInstant, threshold, type Context } from './context';
import { compileCriteria } from './criteria';

export const FINAL_POLL = 30 * MINUTE;
export const SIGN_OFF_GRACE = 60 * MINUTE;

export function compileLaunch(context: Context, at: number): Plan['launch'] {
  const { launch } = context.document;
  // A colon cannot be in an item's id.
  const authority = { id: 'launch:noGo', path: ['launch'], answers: context.authorityRoles };
  return {
    at,
    finalPoll: optionalDuration(launch.finalPoll) ?? FINAL_POLL,
    authority: {
      by: context.authorityRoles,
      quorum: launch.authority.quorum ?? 'all',
      no: launch.authority.no ?? 'hold',
    },
    separation: launch.separation ?? false,
    signOffGrace: optionalDuration(launch.signOffGrace) ?? SIGN_OFF_GRACE,
    announce: {
      lead: optionalDuration(launch.announce?.lead) ?? 0,
      // A lead that nobody is told would be a promise that nobody hears.
      to: launch.announce ? addressees(context.names, launch.announce.to ?? EVERYONE) : [],
    },
    giveUpAfter: optionalDuration(launch.delay?.giveUpAfter),
    shouldMin: launch.shouldMin === undefined ? undefined : threshold(launch.shouldMin),
    noGo: compileCriteria(context, authority, { key: 'noGo', list: launch.noGo ?? [] }),
    milestones: (launch.milestones ?? []).map((milestone, index) => ({
      title: milestone.title,
      at: optionalInstant(context, milestone.at, ['launch', 'milestones', index, 'at']),
      items: milestone.items ?? [],
    })),
    postLaunch: launch.postLaunch && {
      watch: parseDuration(launch.postLaunch.watch),
      criteria: compileCriteria(
        context,
        { ...authority, id: 'launch:postLaunch', path: ['launch', 'postLaunch'] },
        { key: 'criteria', list: launch.postLaunch.criteria }
      ),
    },
    rollback: launch.rollback ?? [],
  };
}

/** Freezes and delegations are dates of the world, not of the plan: a shift does not move them. */
export function worldInstant(context: Context, text: string, dateAlone?: string): number {
  const moment = parseMoment(text);
  return (moment && resolveMoment(moment, context.frame, dateAlone)) ?? context.frame.start;
}

export function compilePeople(context: Context): Person[] {
  return context.document.people.map(({ id, name, roles, email, channels, delegate }) => ({
    id,
    name: name ?? id,
    roles: roles ?? [],
    email,
    channels,
    delegate: delegate && { to: delegate.to, until: worldInstant(context, delegate.until) },
  }));
}

const TARGET = /^(<=|>=|<|>|=) ?(\d+(?:\.\d+)?) ?(%?)$/;

function target(text: string | undefined): Metric['target'] {
  const [, op, value, unit] = TARGET.exec(text ?? '') ?? [];
  if (op === undefined) return undefined;
  return {
    op: op as NonNullable<Metric['target']>['op'],
    value: Number(value),
    ...(unit ? { unit: '%' as const } : {}),
  };
}

export function compileMetrics(context: Context): Metric[] {
  return (context.document.metrics ?? []).map((metric, index) => ({
    id: context.ids.metrics[index]!,
    title: metric.title,
    measure: metric.measure,
    where: metric.where,
    target: target(metric.target),
    baseline: metric.baseline,
    by: optionalInstant(context, metric.by, ['metrics', index, 'by']),
  }));
}

export function compileStandup(context: Context): Plan['standup'] {
  const { standup } = context.document;
  if (!standup) return undefined;
  return {
    at: standup.at,
    days: parseWeekdays(standup.days ?? 'Mon-Fri'),
    to: addressees(context.names, standup.to),
    reviews: (standup.reviews ?? []).map((text, index) => instant(context, text, ['standup', 'reviews', index])),
  };
}

export function compileOnVerdict(context: Context): Plan['onVerdict'] {
  const actions = (list: NonNullable<PlanDocument['onVerdict']>['go']): Action[] =>
    (list ?? []).map(({ title, webhook, command, notify, timeout }) => ({
      ...(title === undefined ? {} : { title }),
      ...(webhook === undefined ? {} : { webhook: webhook as Action['webhook'] }),
      ...(command === undefined ? {} : { command }),
      ...(notify === undefined ? {} : { notify: addressees(context.names, notify) }),
      ...(timeout === undefined ? {} : { timeout: parseDuration(timeout) }),
    }));
  const { go, delay, noGo } = context.document.onVerdict ?? {};
  return { go: actions(go), delay: actions(delay), noGo: actions(noGo) };
}

/** Whether any clock of the document runs in business time. */
export function usesBusinessTime({ items, gates, defaults }: PlanDocument): boolean {
  const own = (items ?? []).some(({ sla }) => sla?.clock === 'business');
  const inherits = (items ?? []).length > 0 || GATES.some((gate) => (gates[gate] ?? []).length > 0);
  return own || (inherits && defaults?.sla?.clock === 'business');
}

export function windowRules(context: Context): NonNullable<Plan['calendar']['rules']> {
  const { open, holidays, freezes } = context.document.launch.windows ?? {};
  return {
    ...(open === undefined ? {} : { open: asList(open) }),
    holidays: asList(holidays),
    freezes: (freezes ?? []).map(({ from, to }) => ({
      from: worldInstant(context, from, '00:00'),
      to: worldInstant(context, to) + (/\d{4}-\d{2}-\d{2}$/.test(to) ? MINUTE : 0),
    })),
  };
}

export function compileGroups(context: Context): Plan['groups'] {
  return Object.fromEntries([...context.names.groups].map(([id]) => [id, expand(context.names, id)]));
}
