import { stringify } from 'yaml';
import { importDirection } from '../../plan/import/import-direction';
import type { PlanDocument } from '../../plan/schema';
import { fixture } from '../import/documents';

/** Two minutes are a day. */
export const SPEED = 720;
export const DAY_MS = 86_400_000 / SPEED;
const HOUR_MS = DAY_MS / 24;
/** So long after the launch instant the plan is still looked at: what follows the verdict is in it. */
export const AFTER_MS = 2 * HOUR_MS;

export const DECISION = 'BLOCKER-BILLING-009';
export const TAKEN_WORK = 'BLOCKER-BILLING-009-IMPLEMENTATION';
export const OTHER_WORK = 'BILLING-OWN-ENGINE';
/** Names of the worker's variables. */
export const VARIABLES = { hook: 'CHAOS_HOOK', key: 'CHAOS_KEY', mail: 'CHAOS_SMTP' } as const;

type Item = NonNullable<PlanDocument['items']>[number];

function decided(item: Item): Item {
  const opens: { [option: string]: string[] } = { hosted: [TAKEN_WORK], 'home-grown': [OTHER_WORK] };
  const options = item.options?.map((option) => ({ ...option, opens: opens[option.id ?? ''] ?? [] }));
  return { ...item, deadline: '+14h', ifSilent: 'hosted', options };
}

/** Deadlines lie everywhere between half a day and the launch, no two at one instant. */
function due(item: Item, { n, days }: { n: number; days: number }): Item {
  const hour = 13 + ((n * 5) % (24 * days - 14));
  return { ...item, deadline: `+${hour}h${(n * 7) % 60}m` };
}

function edited(item: Item, at: { n: number; days: number }): Item {
  if (item.id === DECISION) return decided(item);
  return item.external ? item : due(item, at);
}

/** Half of them by one webhook, which all of those share, the others by mail. */
function reached<Person extends { id: string }>(person: Person, n: number): Person {
  return { ...person, ...(n % 2 ? { channels: ['hook'] } : { email: `${person.id}@harbour.example` }) };
}

/**
 * The imported document with clocks of every sort, and nobody who answers: SLAs, deadlines, reminders, chains that repeat,
 * a decision that silence takes, standups, reviews, an announcement. Nothing that is told is due a minute before
 * something else makes it void, so that whatever a stop of that length delays is still told.
 */
export function chaosDocument(now: number, days: number): string {
  const { plan } = importDirection(fixture.text, { file: fixture.name });
  const standup = new Date(now + 4 * 3_600_000).toISOString().slice(11, 16);
  const reviews = Array.from({ length: days }, (_, day) => `+${24 * day + 16}h`);
  return stringify({
    ...plan,
    id: 'chaos',
    launch: { ...plan.launch, at: `+${24 * days}h`, milestones: [] },
    people: plan.people?.map(reached),
    channels: {
      hook: { type: 'webhook', url: { env: VARIABLES.hook }, secret: { env: VARIABLES.key } },
      mail: { type: 'email' },
    },
    // So few that much has to go bundled.
    notify: { perHour: 6 },
    defaults: {
      sla: { respond: '4h', resolve: '20h' },
      escalation: [
        { after: '0m', to: 'manager' },
        { after: '3h', to: 'ceo', repeat: '7h' },
      ],
      remind: ['12h'],
    },
    items: [
      ...(plan.items ?? []).map((item, n) => edited(item, { n, days })),
      { id: OTHER_WORK, title: 'Write our own billing engine', owners: ['mensa01'] },
    ],
    standup: { at: standup, days: 'Mon-Sun', to: ['hook', 'ceo', 'manager'], reviews },
    metrics: [],
  } satisfies PlanDocument);
}
