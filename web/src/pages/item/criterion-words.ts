import { answerersOf } from '../../../../domain/criterion';
import type { RowState } from '../../../../domain/board-rows';
import type { Answerers, Criterion, Item, ItemsCheck, Json, Threshold } from '../../../../domain/plan';
import { durationText } from '../../../../domain/text';
import type { ItemAnswer } from '../../api/types';
import { OF_CRITERION } from '../../parts/state';

export type ShownCriterion = ItemAnswer['criteria'][number] & {
  /** Epoch ms; absent while the ledger has not said it. */
  failingSince?: number;
};

function wanted(threshold: Threshold): string {
  return 'count' in threshold ? `${threshold.count}` : `${Math.round(threshold.share * 1_000) / 10} %`;
}

function countRule({ where, is, atLeast, atMost }: ItemsCheck): string {
  const of = Object.entries(where).map(([key, value]) => `${key} ${[value].flat().join(', ')}`);
  const limits = [
    ...(atLeast ? [`at least ${wanted(atLeast)}`] : []),
    ...(atMost ? [`at most ${wanted(atMost)}`] : []),
  ];
  return `Counts items${of.length > 0 ? ` of ${of.join(', ')}` : ''}: ${limits.join(', ')} ${is}`;
}

const LONGEST = 200;

/** A check's configuration on one line, as the plan has it. */
export function checkText(check: { type: string; [key: string]: Json }): string {
  const { type, ...rest } = check;
  const parts = Object.entries(rest).map(([key, value]) =>
    typeof value === 'string' ? `${key} ${value}` : `${key} ${JSON.stringify(value)}`
  );
  const text = [type, ...parts].join(', ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** The commonest check reads like a sentence: "GET https://… answers 200". */
function httpRule({ method, url, expect }: { [key: string]: Json }): { mono: string; words: string } {
  const address = typeof url === 'string' ? url : `$${(url as { env?: string } | null)?.env ?? '?'}`;
  const { status = '200 to 299', ...more } = (expect ?? {}) as { [key: string]: Json };
  const besides = Object.keys(more).length > 0 ? ', with what the plan expects in it' : '';
  return {
    mono: `${typeof method === 'string' ? method : 'GET'} ${address}`,
    words: `answers ${[status].flat().join(' or ')}${besides}`,
  };
}

/** How it is looked at: "every 1 min, counts after 3 in a row". */
export function paceText({ watch }: Criterion): string {
  if (!watch) return '';
  const { every, consecutive } = watch;
  return `every ${durationText(every)}${consecutive > 1 ? `, met after ${consecutive} passes in a row` : ''}`;
}

function quorumText({ by, quorum }: Answerers): string {
  const all = by.join(', ');
  if (by.length <= 1) return all;
  if (quorum === 'any') return `any one of ${all}`;
  if (quorum === 'all') return `all of ${all}`;
  if (typeof quorum === 'number') return `${quorum} of ${all}`;
  return Object.entries(quorum)
    .map(([role, count]) => `${count} of ${role}`)
    .join(' and ');
}

/** The rule of one criterion in words; `mono` is of the plan's configuration. */
export function ruleOf(criterion: Criterion, item: Item, owners: readonly string[]): { mono?: string; words: string } {
  const { check, attest, independent, freshFor } = criterion;
  if (check?.type === 'items') return { words: countRule(check as ItemsCheck) };
  if (check) {
    const probe = check as { type: string; [key: string]: Json };
    const { mono, words } = probe.type === 'http' ? httpRule(probe) : { mono: checkText(probe), words: '' };
    return { mono, words: [words, paceText(criterion)].filter((part) => part !== '').join(', ') };
  }
  const who = quorumText(answerersOf(criterion, item, owners));
  const verb = { attest: 'The word of', acknowledge: 'Acknowledged by', claim: 'Claimed by' }[attest?.as ?? 'attest'];
  return {
    words: [
      `${verb} ${who}`,
      ...(attest?.text === undefined ? [] : [`“${attest.text}”`]),
      ...(attest?.documents?.length ? [`having read ${attest.documents.join(', ')}`] : []),
      ...(independent ? ['not of its owners'] : []),
      ...(freshFor === undefined ? [] : [`good for ${durationText(freshFor)}`]),
    ].join('; '),
  };
}

export interface CriterionLook {
  state: RowState;
  word?: string;
  why?: string;
}

/** What its state is called, where another word is truer than the state's own. */
export function lookOf(criterion: ShownCriterion, plan: Criterion | undefined, now: number): CriterionLook {
  const state = OF_CRITERION[criterion.state as keyof typeof OF_CRITERION] ?? 'unclear';
  const { watch, measured, words = [], automatic, evidence } = criterion;
  const need = plan?.watch?.consecutive ?? 1;
  const last = watch?.last;
  if (state === 'waived') return { state, why: evidence ?? undefined };
  if (state !== 'met' && last?.outcome === 'passed' && need > 1)
    return { state: 'in-hand', word: `Passing, ${Math.min(last.inRow, need)} of ${need} in a row` };
  if (state === 'not-met' && measured?.outcome === 'failed') {
    const since = criterion.failingSince;
    return { state, word: since === undefined ? 'Failing' : `Failing for ${durationText(now - since)}` };
  }
  if (state === 'open') return { state, word: automatic ? 'Not measured yet' : 'Not said yet' };
  const fallen = words.findLast((word) => word.stale !== null);
  if (state === 'stale' && fallen?.stale) return { state, word: 'No longer counts', why: fallen.stale.reason };
  if (state === 'not-met' && !automatic && words.length > 0) return { state: 'in-hand', word: 'Not by enough yet' };
  return { state };
}
