import { DateTime } from 'luxon';
import { stringify } from 'yaml';
import type { Plan } from '../../domain/plan';
import { compilePlan } from '../../plan/compile';
import { importDirection } from '../../plan/import/import-direction';
import type { Problem } from '../../plan/problem';
import type { PlanDocument } from '../../plan/schema';
import { validatePlan } from '../../plan/validate';
import type { SomeDocument } from '../import/documents';

/** Its clocks go back on the first Sunday of November; the eleventh is a public holiday there. */
export const ZONE = 'America/New_York';
export const LAUNCH_AT = '+7d 10:00';

type Item = NonNullable<PlanDocument['items']>[number];

/** How often the one check of the week looks. */
export const EVERY_MINUTES = 15;

export const SANDBOX = 'BLOCKER-SANDBOX-014';
export const PROBES = 'probes-green';
export const BILLING = 'BLOCKER-BILLING-009';
export const HOSTED_WORK = 'BLOCKER-BILLING-009-IMPLEMENTATION';
export const OWN_WORK = 'BILLING-OWN-ENGINE';

/** The instant of a wall-clock time of the plan's zone, epoch ms. */
export function local(year: number, day: number, time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return DateTime.fromObject({ year, month: 11, day, hour, minute }, { zone: ZONE }).toMillis();
}

/** What a clock on the wall in the plan's zone shows: "Thu 11 10:00". */
export function wall(at: number): string {
  return DateTime.fromMillis(at, { zone: ZONE }).setLocale('en').toFormat('ccc d HH:mm');
}

/** The next year whose eleventh of November is a Thursday: the clocks go back on the Sunday before it. */
export function yearOfTheWeek(now: number): number {
  const first = new Date(now).getUTCFullYear();
  const years = Array.from({ length: 12 }, (_, index) => first + index);
  return years.find((year) => local(year, 4, '08:00') > now && wall(local(year, 11, '10:00')).startsWith('Thu'))!;
}

/** The sandbox is looked at by a check. */
function checked(item: Item): Item {
  const [reachable, ...others] = item.acceptance ?? [];
  const check = { type: 'http', url: 'https://sandbox.harbour.example/health' };
  const measured = { ...reachable!, check, every: `${EVERY_MINUTES}m` } as NonNullable<Item['acceptance']>[number];
  return { ...item, acceptance: [measured, ...others] };
}

/** Silence takes one of the two options, and each opens work of its own. */
function silent(item: Item): Item {
  const opens: { [option: string]: string[] } = { hosted: [HOSTED_WORK], 'home-grown': [OWN_WORK] };
  const options = item.options?.map((option) => ({ ...option, opens: opens[option.id ?? ''] ?? [] }));
  return { ...item, deadline: 'T-5d', ifSilent: 'hosted', options };
}

function edited(item: Item): Item {
  if (item.id === SANDBOX) return checked(item);
  return item.id === BILLING ? silent(item) : item;
}

/** What people write into the imported plan before they start it. */
export function scripted(document: PlanDocument): PlanDocument {
  return {
    ...document,
    timezone: ZONE,
    launch: { ...document.launch, windows: { open: 'Mon-Thu 09:00-17:00', holidays: 'US' } },
    defaults: {
      sla: { respond: '4h' },
      escalation: [
        { after: '0m', to: 'manager' },
        { after: '1h', to: 'ceo' },
      ],
    },
    items: [
      ...(document.items ?? []).map(edited),
      { id: OWN_WORK, title: 'Write our own billing engine', owners: ['mensa01'], priority: 'P1' },
    ],
  };
}

/** A document in Markdown as a plan: imported, edited, validated, compiled, as from the command line. */
export function planFrom({ name, text }: SomeDocument, now: number): { plan: Plan; problems: Problem[] } {
  const written = stringify(scripted(importDirection(text, { file: name }).plan));
  const { problems, document } = validatePlan(written, { file: 'plan.yaml', now, launchAt: LAUNCH_AT });
  return { problems, plan: compilePlan(document!, { now, launchAt: LAUNCH_AT }) };
}
