import type { LaunchFact } from '../domain/launch';
import type { ItemFact } from '../domain/item-facts';
import { digestOf } from '../domain/digest';
import { indexOf } from '../domain/item-view';
import type { Plan } from '../domain/plan';
import { planChanges } from '../domain/plan-changes';
import type { WrittenFact } from '../domain/replay';
import { isoText } from '../domain/text';
import type { Report, ReportSignature, ReportWaiver } from './schema';

/** What the facts of a launch say of its past, each list in the order in which it happened. */

type Of<Fact extends { type: string }, Type extends Fact['type']> = Extract<Fact, { type: Type }>;

function ofLaunch<Type extends LaunchFact['type']>(facts: readonly WrittenFact[], ...types: Type[]) {
  return facts.flatMap((fact) =>
    fact.item === undefined && (types as string[]).includes(fact.type)
      ? [{ ...(fact.body as object), type: fact.type, at: fact.at } as Of<LaunchFact, Type>]
      : []
  );
}

function ofItems<Type extends ItemFact['type']>(facts: readonly WrittenFact[], ...types: Type[]) {
  return facts.flatMap(({ item, type, at, body }) =>
    item !== undefined && (types as string[]).includes(type)
      ? [{ item, fact: { ...(body as object), type, at } as Of<ItemFact, Type> }]
      : []
  );
}

export function verdictsGiven(facts: readonly WrittenFact[]): Report['verdict']['given'] {
  return ofLaunch(facts, 'decided').map(({ verdict: { value, at, launchAt, reasons, conditions } }) => ({
    value,
    at: isoText(at),
    launchAt: isoText(launchAt),
    reasons,
    conditions,
  }));
}

export function startOf(facts: readonly WrittenFact[]): { at: string; by: string } | undefined {
  const [started] = ofLaunch(facts, 'started');
  return started && { at: isoText(started.at), by: started.by };
}

export function endOf(facts: readonly WrittenFact[]): Report['ended'] {
  const [ended] = ofLaunch(facts, 'ended');
  return ended ? { how: ended.how, at: isoText(ended.at), reason: ended.reason } : null;
}

/** Every waiver that was given, and what became of it; `until`: the instant that the report is of. */
export function waiversGiven(facts: readonly WrittenFact[], until: number): ReportWaiver[] {
  const all: ReportWaiver[] = [];
  const open = new Map<string, ReportWaiver>();
  for (const { item, fact } of ofItems(facts, 'waiverGiven', 'retracted')) {
    if (fact.type === 'retracted' && fact.what !== 'waiver') continue;
    const key = JSON.stringify([item, fact.criterion]);
    const before = open.get(key);
    const expired = before && Date.parse(before.until) <= fact.at;
    if (before && !expired) {
      const how = fact.type === 'retracted' ? ('retracted' as const) : ('replaced' as const);
      before.ended = { how, at: isoText(fact.at), by: fact.by };
    }
    open.delete(key);
    if (fact.type === 'retracted') continue;
    const { criterion, by, at, reason, risk } = fact;
    const given = { item, criterion, by, at: isoText(at), reason, risk, until: isoText(fact.until), ended: null };
    all.push(given);
    open.set(key, given);
  }
  for (const waiver of all) {
    if (!waiver.ended && Date.parse(waiver.until) <= until) {
      waiver.ended = { how: 'expired', at: waiver.until, by: null };
    }
  }
  return all;
}

/** Every answer of the authority, with what made it void or suspended it since. */
export function signaturesGiven(facts: readonly WrittenFact[]): ReportSignature[] {
  const all: ReportSignature[] = [];
  const last = new Map<string, ReportSignature>();
  for (const fact of ofLaunch(facts, 'signedOff', 'signOffVoided', 'signOffSuspended')) {
    const at = isoText(fact.at);
    if (fact.type === 'signedOff') {
      const { by, answer, digest, accepts, why } = fact;
      const given = { by, at, answer, digest, accepts, why: why ?? null, since: [] };
      all.push(given);
      last.set(by, given);
    } else if (fact.type === 'signOffVoided') {
      last.get(fact.by)?.since.push({ at, what: 'void', text: fact.reason });
    } else last.get(fact.by)?.since.push({ at, what: 'suspended', text: `${fact.item}, a must, fell` });
  }
  return all;
}

export function holdsMade(facts: readonly WrittenFact[]): NonNullable<Report['holds']> {
  const all: NonNullable<Report['holds']> = [];
  for (const fact of ofLaunch(facts, 'held', 'released')) {
    const at = isoText(fact.at);
    if (fact.type === 'held') all.push({ by: fact.by, at, reason: fact.reason, released: null });
    // One release ends all holds that there are.
    else for (const hold of all) hold.released ??= { by: fact.by, at, reason: fact.reason ?? null };
  }
  return all;
}

export function blockersReported(facts: readonly WrittenFact[]): NonNullable<Report['reported']> {
  const reviews = new Map(ofLaunch(facts, 'blockerReviewed').map((review) => [review.report, review]));
  return ofLaunch(facts, 'blockerReported').map(({ report: { id, title, by, at, ...more } }) => {
    const review = reviews.get(id);
    return {
      id,
      title,
      by,
      at: isoText(at),
      impact: more.impact ?? null,
      priority: more.priority ?? null,
      severity: more.severity ?? null,
      review: review
        ? { by: review.by, at: isoText(review.at), accept: review.accept, reason: review.reason ?? null }
        : null,
    };
  });
}

/** The plan that it was started with, and each amendment with what that changed. */
export function revisionsMade(facts: readonly WrittenFact[], first: Plan): NonNullable<Report['revisions']> {
  let before = first;
  const started = startOf(facts);
  const none = { added: [], removed: [], changed: [], parts: [] };
  const begun = {
    revision: first.revision,
    at: started?.at ?? isoText(first.start),
    by: started?.by ?? null,
    reason: null,
    digest: digestOf(first),
    ...none,
  };
  const amended = ofLaunch(facts, 'amended').map(({ at, by, plan, reason }) => {
    const { added, removed, changed, parts } = planChanges(before, plan);
    before = plan;
    const items = changed.map(({ item }) => item);
    const { revision } = plan;
    return { revision, at: isoText(at), by, reason, digest: digestOf(plan), added, removed, changed: items, parts };
  });
  return [begun, ...amended];
}

/** What fell after it had been settled; `plan` is the last revision. */
export function fallsSeen(facts: readonly WrittenFact[], plan: Plan | undefined): NonNullable<Report['falls']> {
  const gates = plan && indexOf(plan).gates;
  return ofItems(facts, 'moved').flatMap(({ item, fact: { at, fall, text } }) =>
    fall ? [{ item, at: isoText(at), kind: fall, text, must: gates?.get(item) === 'must' }] : []
  );
}

type Mark = NonNullable<Report['timeline']>['marks'][number];

/** The instants of the launch itself. */
export function marksOf(facts: readonly WrittenFact[]): Mark[] {
  const types = ['decided', 'rescheduled', 'dateTaken', 'announced', 'held', 'released', 'signedOff', 'ended'] as const;
  return ofLaunch(facts, ...types).map((fact): Mark => {
    const at = isoText(fact.at);
    switch (fact.type) {
      case 'decided':
        return { at, kind: 'verdict', text: fact.verdict.value.replace('_', ' ') };
      case 'rescheduled':
        return { at, kind: 'moved', text: `${fact.by} moved the date` };
      case 'dateTaken':
        return { at, kind: 'moved', text: 'took a new date' };
      case 'announced':
        return { at, kind: 'announced', text: 'announced' };
      case 'held':
        return { at, kind: 'held', text: `held by ${fact.by}` };
      case 'released':
        return { at, kind: 'held', text: `released by ${fact.by}` };
      case 'signedOff':
        return { at, kind: 'signed', text: `${fact.by}: ${fact.answer}` };
      case 'ended':
        return { at, kind: 'end', text: fact.how };
    }
  });
}
