/** Turns a plan document into the plan that workflows get: plain JSON, ids given, instants absolute, defaults filled in. */
import type { Plan } from '../domain/plan';
import { DAY } from '../domain/units';
import { HORIZON_DAYS, makeCalendar } from './compile/calendar';
import type { Context } from './compile/context';
import { compileEscalation, compileSla, compileWork } from './compile/items';
import {
  compileGroups,
  compileLaunch,
  compileMetrics,
  compileOnVerdict,
  compilePeople,
  compileStandup,
  usesBusinessTime,
  windowRules,
} from './compile/launch';
import { speedUp } from './compile/speed';
import { idsOf } from './ids';
import { expand, namesOf } from './names';
import { error, PlanError, type Path } from './problem';
import type { PlanDocument } from './schema';
import { parseDuration, parseMoment, resolveMoment, type Moment } from './time';

export { extendCalendar } from './compile/calendar';

export interface CompileOptions {
  /** Start of the launch, epoch ms: what `+7d` is counted from. */
  now: number;
  /** WHEN of `--launch-at`: a date, or an offset from `now` like `+30s`. Moves every date of the document with it. */
  launchAt?: string;
  /** Divides every duration and every distance from the start; at least 1. */
  speed?: number;
  /** Everything runs, nothing is sent. */
  trial?: boolean;
}

interface LaunchDate {
  at: number;
  shift: number;
}

function hourless(moment: Moment): boolean {
  return moment.from === 'date' && moment.time === undefined;
}

function refuse(code: string, found: string, message: string): never {
  const expected = 'a date with an hour, or an offset from the start like "+2d 14:00"';
  throw new PlanError(code, error(code, ['launch', 'at'], { found, expected, message }));
}

/** The launch as the document says it; undefined where it says nothing. A date alone is its last minute. */
export function writtenLaunchAt(document: PlanDocument, now: number): number | undefined {
  const moment = document.launch.at === undefined ? undefined : parseMoment(document.launch.at);
  return moment && resolveMoment(moment, { zone: document.timezone ?? 'UTC', start: now });
}

/** Whether the document leaves the hour of the launch open, so that `start` has to ask for it. */
export function lacksHour({ launch }: PlanDocument): boolean {
  const moment = launch.at === undefined ? undefined : parseMoment(launch.at);
  return moment !== undefined && hourless(moment);
}

function launchDate(document: PlanDocument, { now, launchAt }: CompileOptions): LaunchDate {
  const written = writtenLaunchAt(document, now);
  if (launchAt === undefined) {
    if (written === undefined)
      return refuse('LAUNCH_NOT_SET', 'nothing', 'the launch has no date; give --launch-at WHEN');
    if (lacksHour(document)) {
      return refuse('LAUNCH_WITHOUT_HOUR', `'${document.launch.at}'`, 'the launch has no hour; give --launch-at WHEN');
    }
    return { at: written, shift: 0 };
  }
  const moment = parseMoment(launchAt);
  const at = moment && resolveMoment(moment, { zone: document.timezone ?? 'UTC', start: now });
  if (at === undefined || hourless(moment!)) {
    const message = `--launch-at '${launchAt}' is not an instant; give a date with an hour, or an offset like +2d or +30s`;
    return refuse('BAD_LAUNCH_AT', `'${launchAt}'`, message);
  }
  if (at < now) {
    const message = `--launch-at '${launchAt}' is in the past (${new Date(at).toISOString()}); give --launch-at WHEN with a date to come, or an offset like +2d or +30s`;
    return refuse('LAUNCH_IN_PAST', `'${launchAt}'`, message);
  }
  return { at, shift: written === undefined ? 0 : at - written };
}

function contextOf(document: PlanDocument, now: number, { at, shift }: LaunchDate): Context {
  const names = namesOf(document);
  return {
    document,
    ids: idsOf(document),
    names,
    frame: { zone: document.timezone ?? 'UTC', start: now, launch: at },
    shift,
    authorityRoles: expand(names, document.launch.authority.roles),
    paths: new Map(),
  };
}

function compileWith(context: Context, at: number): Plan {
  const { document, ids, frame } = context;
  const { defaults, channels, notify, context: lines } = document;
  const calendar = {
    zone: frame.zone,
    from: frame.start,
    to: Math.max(frame.start, at) + HORIZON_DAYS * DAY,
    rules: windowRules(context),
    business: usesBusinessTime(document),
  };
  return {
    id: ids.plan,
    title: document.title,
    revision: 1,
    start: frame.start,
    timezone: frame.zone,
    calendar: makeCalendar(calendar),
    launch: compileLaunch(context, at),
    people: compilePeople(context),
    groups: compileGroups(context),
    channels: (channels ?? {}) as Plan['channels'],
    ...compileWork(context),
    defaults: {
      sla: compileSla(undefined, defaults?.sla),
      escalation: compileEscalation(context, defaults?.escalation),
      remind: (defaults?.remind ?? []).map(parseDuration),
    },
    standup: compileStandup(context),
    metrics: compileMetrics(context),
    onVerdict: compileOnVerdict(context),
    notify,
    context: (lines ?? []).map((line) => (typeof line === 'string' ? { title: line } : line)) as Plan['context'],
  };
}

export interface Compiled {
  plan: Plan;
  /** Where items and criteria (`item/criterion`) were written. */
  paths: ReadonlyMap<string, Path>;
}

/** For linting: a launch without an hour is taken at 23:59, one without a date is refused like in `compilePlan`. */
export function compileForLint(document: PlanDocument, options: CompileOptions): Compiled {
  const date =
    options.launchAt === undefined && lacksHour(document)
      ? { at: writtenLaunchAt(document, options.now)!, shift: 0 }
      : launchDate(document, options);
  const context = contextOf(document, options.now, date);
  return { plan: compileWith(context, date.at), paths: context.paths };
}

/**
 * The plan as plain JSON. The document must have passed `validatePlan` without errors. Throws a PlanError
 * (LAUNCH_NOT_SET, LAUNCH_WITHOUT_HOUR, LAUNCH_IN_PAST, BAD_LAUNCH_AT, BAD_SPEED) that says what to give.
 */
export function compilePlan(document: PlanDocument, options: CompileOptions): Plan {
  const { speed = 1, trial } = options;
  if (!Number.isFinite(speed) || speed < 1) {
    const message = `--speed ${speed} is not a factor; give a number of 1 or more, like 360`;
    throw new PlanError('BAD_SPEED', error('BAD_SPEED', [], { found: String(speed), expected: '1 or more', message }));
  }
  const date = launchDate(document, options);
  const plan = compileWith(contextOf(document, options.now, date), date.at);
  const asked = { ...(speed === 1 ? plan : speedUp(plan, speed)), ...(trial ? { trial } : {}) };
  // What Temporal will make of it anyway: keys without a value are gone.
  return JSON.parse(JSON.stringify(asked)) as Plan;
}
