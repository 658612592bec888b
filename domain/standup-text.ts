/** A standup as text for a chat or a terminal: a screen or two, what is most pressing first. */
import type { Calendar } from './plan';
import type { Standup, StandupLine, StandupMetric, StandupOwners } from './standup';
import { durationText, instantText } from './text';

/** Two screens; of a launch with more people the least pressing are left out, and counted. */
const MOST_LINES = 100;
/** Of one owner under one heading. */
const MOST_EACH = 3;
const MOST_NAMES = 3;
const MOST_IDLE = 10;

type Digest = Omit<Standup, 'text'>;

/** "a, b and 28 others". */
function named(names: readonly string[], most: number): string {
  const left = names.length - most;
  return left <= 1 ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${left} others`;
}

function lineText({ item, title, priority, says }: StandupLine): string {
  const of = `${item}${priority ? ` (${priority})` : ''} ${title}`;
  return says.length > 0 ? `${of}: ${says.join('; ')}` : of;
}

function section(name: string, lines: readonly StandupLine[]): string[] {
  const left = lines.length - MOST_EACH;
  const texts = lines.slice(0, MOST_EACH).map((line) => `  ${name}: ${lineText(line)}`);
  return left > 0 ? [...texts, `  ${name}: and ${left} more`] : texts;
}

function ownersText({ who, blockers, progress, plans }: StandupOwners): string[] {
  return [
    named(who, MOST_NAMES) || 'No owner',
    ...section('Blocker', blockers),
    ...section('Progress', progress),
    ...section('Plan', plans),
  ];
}

function metricText(metric: StandupMetric): string {
  const { title, value, target, met, counted, of, change, by } = metric;
  const unit = of === undefined ? '' : ' %';
  const figure = value === null ? 'nothing to measure' : `${value}${unit}${of ? ` (${counted} of ${of})` : ''}`;
  const moved = change === null ? '' : change === 0 ? ', as before' : `, ${change > 0 ? '+' : ''}${change}${unit}`;
  const wanted = target ? `, target ${target}${by ? ` by ${by.slice(0, 16).replace('T', ' ')} UTC` : ''}` : '';
  return `- ${title}: ${figure}${moved}${wanted}${met === null ? '' : met ? ': met' : ': not met'}`;
}

function head(standup: Digest, calendar: Calendar): string[] {
  const { kind, due, at, late, missed, verdict, summary, launchAt, phase, since, counts } = standup;
  const when = (instant: string) => instantText(calendar, Date.parse(instant));
  const left = Date.parse(launchAt) - Date.parse(at);
  const name = { standup: 'Standup', review: 'Review', now: 'As it stands' }[kind];
  const delay = due ? durationText(Date.parse(at) - Date.parse(due)) : '';
  return [
    `${name}, ${when(due ?? at)}`,
    ...(late ? [`Sent late, by ${delay}: nothing could be sent at its time.`] : []),
    ...(missed > 0 ? [`${missed} before it ${missed === 1 ? 'was' : 'were'} not held; this one stands for all.`] : []),
    `${verdict.replace('_', ' ')} as things stand${summary ? `: ${summary}` : ''}. Phase: ${phase}.`,
    `Launch ${when(launchAt)}, ${left > 0 ? `in ${durationText(left)}` : `${durationText(-left)} ago`}.`,
    `${counts.resolved} of ${counts.items} items resolved, ${counts.open} open, ${counts.overdue} overdue, ${counts.atRisk} at risk. Progress since ${when(since)}.`,
  ];
}

function idleText({ people, tasks }: Standup['idle']): string[] {
  if (people.length === 0) return [];
  const take = tasks.map((task) => `- ${lineText(task)}`);
  const could = take.length > 0 ? 'They could take:' : 'No open item is free to take.';
  return ['', `Without an open item: ${named(people, MOST_IDLE)}. ${could}`, ...take];
}

/** Plain text. Instants are in the plan's zone. */
export function standupText(standup: Digest, calendar: Calendar): string {
  const { metrics, news, owners, idle, next } = standup;
  const top = [...head(standup, calendar), ...news];
  const bottom = [
    ...idleText(idle),
    ...(metrics.length > 0 ? ['', 'Metrics', ...metrics.map(metricText)] : []),
    ...(next ? ['', `Next: ${instantText(calendar, Date.parse(next))}.`] : []),
  ];
  const room = Math.max(0, MOST_LINES - top.length - bottom.length - 1);
  const middle: string[] = [];
  let shown = 0;
  for (const each of owners.map(ownersText)) {
    if (middle.length + each.length + 1 > room) break;
    middle.push('', ...each);
    shown++;
  }
  const left = owners.length - shown;
  const more =
    left > 0
      ? ['', `… and ${left} more ${left === 1 ? 'owner' : 'owners'}: launch standup ${standup.launch} --json`]
      : [];
  return [...top, ...middle, ...more, ...bottom].join('\n');
}
