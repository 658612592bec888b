import type { Criterion, ItemsCheck, ProbeCheck, Watch } from '../../domain/plan';
import type { ItemsCheckConfig } from '../checks/items';
import { assignIds } from '../ids';
import type { Path } from '../problem';
import type { CriterionDocument } from '../schema/criterion';
import { parseDuration } from '../time';
import { answerers, optionalDuration, optionalInstant, threshold, type Context } from './context';

export const WATCH_DEFAULTS: Watch = { every: 60_000, timeout: 10_000, consecutive: 1, failureLimit: 1, errorLimit: 5 };

/** Whose criteria they are: its id for paths, and who answers where nobody is named. */
export interface Holder {
  id: string;
  path: Path;
  answers: readonly string[];
}

type Measured = Omit<CriterionDocument, 'id' | 'title'>;

function watch(document: Measured): Watch {
  return {
    every: document.every === undefined ? WATCH_DEFAULTS.every : parseDuration(document.every),
    timeout: document.timeout === undefined ? WATCH_DEFAULTS.timeout : parseDuration(document.timeout),
    consecutive: document.consecutive ?? WATCH_DEFAULTS.consecutive,
    failureLimit: document.failureLimit ?? WATCH_DEFAULTS.failureLimit,
    errorLimit: document.errorLimit ?? WATCH_DEFAULTS.errorLimit,
  };
}

function itemsCheck({ where, is, atLeast, atMost }: ItemsCheckConfig): ItemsCheck {
  return {
    type: 'items',
    where: where ?? {},
    is: is ?? 'resolved',
    ...(atLeast === undefined ? {} : { atLeast: threshold(atLeast) }),
    ...(atMost === undefined ? {} : { atMost: threshold(atMost) }),
  };
}

function human(context: Context, document: Measured, answers: readonly string[]): NonNullable<Criterion['attest']> {
  const { attest, acknowledge, claim } = document;
  if (acknowledge) {
    return { ...answerers(context, acknowledge, answers), as: 'acknowledge', documents: acknowledge.documents };
  }
  if (claim) return { ...answerers(context, claim, answers), as: 'claim', text: claim.text };
  return { ...answerers(context, attest, answers), as: 'attest' };
}

export function compileCriterion(
  context: Context,
  holder: Holder,
  document: CriterionDocument & { id: string }
): Criterion {
  const { check } = document;
  return {
    id: document.id,
    title: document.title,
    source: document.source,
    ...(check
      ? { check: check.type === 'items' ? itemsCheck(check) : (check as ProbeCheck), watch: watch(document) }
      : { attest: human(context, document, holder.answers) }),
    independent: document.independent ?? false,
    freshFor: optionalDuration(document.freshFor),
    from: optionalInstant(context, document.from, [...holder.path, 'from']),
  };
}

/** `key` is the document's key that holds the list. */
export function compileCriteria(
  context: Context,
  holder: Holder,
  { key, list }: { key: string; list: readonly CriterionDocument[] }
): Criterion[] {
  const ids = assignIds(list, 'criterion');
  return list.map((document, index) => {
    const id = ids[index]!;
    const path = [...holder.path, key, index];
    context.paths.set(`${holder.id}/${id}`, path);
    return compileCriterion(context, { ...holder, path }, { ...document, id });
  });
}

/** A criterion that the document did not write down. */
export function ownWord(by: readonly string[], words: Pick<Criterion, 'id' | 'title'> & { claim?: string }): Criterion {
  const { id, title, claim } = words;
  return {
    id,
    title,
    attest: { by: [...by], quorum: 'any', ...(claim === undefined ? { as: 'attest' } : { as: 'claim', text: claim }) },
    independent: false,
  };
}
