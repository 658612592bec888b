import type { Board } from '../domain/board';
import { boardOf } from '../domain/board';
import { decisionRecord } from '../domain/decision-record';
import { headText } from '../domain/ledger';
import type { ChainReport } from '../domain/ledger-chain';
import type { Plan } from '../domain/plan';
import type { Replayed, WrittenFact } from '../domain/replay';
import { inOrder, replayed } from '../domain/replay';
import { missingSignOffs } from '../domain/sign-off';
import { isoText } from '../domain/text';
import { verdictSentence } from './board-words';
import { differences } from './differences';
import { isReadable } from './fact-shapes';
import * as history from './history';
import { itemsOf, milestonesOf, timelineOf } from './items';
import type { Report, ReportTimeline } from './schema';
import { clean, count, instantIn } from './text';

/** All that a report is made of. Instants in epoch ms. */
export interface Gathered {
  launch: string;
  /** When it is made. */
  at: number;
  /** What the launch itself says, or why it did not answer. */
  live: { board: Board; at: number } | { unanswered: string };
  /** The board that a gateway kept last; `current`: it knows all that the ledger has. */
  kept?: { board: Board; at: number; current: boolean };
  chain: ChainReport;
  facts: readonly WrittenFact[];
  /** The one that it was started with, or the first that was written. */
  plan?: Plan;
  /** `facts` are all that there are. */
  whole: boolean;
  /** Why Temporal could not say which head of the ledger it keeps. */
  unasked?: string;
  /** What could not be read, in sentences. */
  doubts: readonly string[];
}

/** What a report's state is of. */
interface Seen {
  board?: Board;
  from: Report['made']['from'];
  /** The instant of it. */
  of: number;
}

type Attempt = { done: Replayed } | { failed: string };

function attempt({ plan, facts, whole }: Gathered): Attempt {
  if (!whole) return { failed: 'not all of its ledger could be taken in' };
  if (!plan) return { failed: 'the ledger does not have the plan that it was started with' };
  try {
    return { done: replayed(plan, facts) };
  } catch (error) {
    return { failed: `its facts cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What is over is told as it ended, whoever is asked and whenever; what runs as it says itself. */
function seenOf({ live, kept, at }: Gathered, again: Replayed | undefined): Seen {
  const ended = again?.launch.ended;
  if (again && ended) return { board: boardOf(again.launch, ended.at), from: 'ledger', of: ended.at };
  if ('board' in live) return { board: live.board, from: 'launch', of: live.at };
  if (again) return { board: boardOf(again.launch, at), from: 'ledger', of: at };
  if (kept) return { board: kept.board, from: 'kept board', of: kept.at };
  return { from: 'nothing', of: at };
}

/** What else is known of the same state, to hold it against. */
function otherOf({ live, kept }: Gathered, again: Replayed | undefined, seen: Seen): Board | undefined {
  if (seen.from === 'launch') return again && boardOf(again.launch, seen.of);
  if (seen.from !== 'ledger') return undefined;
  return 'board' in live ? live.board : kept?.current ? kept.board : undefined;
}

function madeText({ at, chain, live }: Gathered, { from, of }: Seen, zone: string): string {
  const when = `Made ${instantIn(zone, at)} (${isoText(at)})`;
  const entries =
    chain.entries === 0 ? 'no entry of its ledger' : `the ${count(chain.entries, 'entry', 'entries')} of its ledger`;
  const silent =
    'unanswered' in live ? `; the launch itself was asked and did not answer (${clean(live.unanswered)})` : '';
  switch (from) {
    case 'ledger':
      return `${when} from ${entries}. The state is that of ${instantIn(zone, of)}, as the rules see it${silent}.`;
    case 'launch':
      return `${when}. The state is what the launch itself said then; what happened is from ${entries}.`;
    case 'kept board':
      return `${when}. The state is that of the board that was kept ${instantIn(zone, of)}; what happened is from ${entries}${silent}.`;
    case 'nothing':
      return `${when} from ${entries}. Its state is not known${silent}.`;
  }
}

function notKnown(gathered: Gathered, tried: Attempt, seen: Seen): string[] {
  const { chain, plan, doubts, kept, facts } = gathered;
  const found = [...doubts];
  if (chain.broken > 0)
    found.push('The ledger is not as it was written. What this report says of the past may be wrong.');
  if ('failed' in tried) {
    found.push(
      `What its decisions, evidence, milestones and plan were in detail is not known: ${tried.failed}. What is missing below is not known to be none.`
    );
  }
  if (plan && plan.revision !== 1) found.push(`The plan's revisions before ${plan.revision} are not in the ledger.`);
  if (seen.from === 'kept board' && kept && !kept.current)
    found.push('More happened after the board was kept; the state is older than the ledger.');
  if (facts.length > 0 && !history.startOf(facts))
    found.push('The ledger does not say when it was started, and by whom.');
  if (seen.from === 'nothing')
    found.push('Where it stands is not known: nobody answered for it, and no board was kept.');
  return found;
}

function verdictOf({ board }: Seen, facts: readonly WrittenFact[]): Report['verdict'] {
  const given = history.verdictsGiven(facts);
  if (board) {
    const { value, at, reasons, needs, conditions } = board.verdict;
    const { head, rest } = verdictSentence(board);
    const asked = needs.map(({ who, action, ref }) => ({ who, action, ref }));
    return { value, final: at !== null, at, sentence: `${head}: ${rest}.`, reasons, conditions, needs: asked, given };
  }
  const last = given.at(-1);
  const sentence = last
    ? `The last verdict that was given is ${last.value.replace('_', ' ')}.`
    : 'No verdict is known.';
  const { value, at, reasons, conditions } = last ?? { value: null, at: null, reasons: [], conditions: [] };
  return { value, final: null, at, sentence, reasons, conditions, needs: [], given };
}

function decisionsOf(again: Replayed | undefined): Report['decisions'] {
  if (!again) return null;
  const { launch, items } = again;
  return launch.plan.items.flatMap(({ id }) => {
    const state = items.get(id);
    return (state && decisionRecord(state)) ?? [];
  });
}

function signOffsOf({ board }: Seen, again: Replayed | undefined, facts: readonly WrittenFact[]): Report['signOffs'] {
  const standing = board?.signOffs.map(({ reason, ...each }) => ({ ...each, reason: reason ?? null })) ?? null;
  const missing = again ? missingSignOffs(again.launch) : null;
  return { standing, missing, digest: board?.digest ?? null, given: history.signaturesGiven(facts) };
}

function ledgerOf({ chain, facts, unasked }: Gathered): Report['ledger'] {
  const { entries, head, broken, findings, kept, vouchedTo } = chain;
  return {
    entries,
    facts: facts.length,
    head: entries === 0 ? null : headText(head),
    verified: broken === 0 && entries > 0,
    broken,
    findings,
    vouchedTo,
    kept: kept.map(({ from, number, holds }) => ({ from, number: number ?? null, holds })),
    unasked: unasked ?? null,
  };
}

function marksFor(board: Board, facts: readonly WrittenFact[]): ReportTimeline['marks'] {
  const milestones = board.milestones.flatMap(({ title, at }) =>
    at ? [{ at, kind: 'milestone' as const, text: title }] : []
  );
  return [...history.marksOf(facts), ...milestones, { at: board.launchAt, kind: 'launch', text: 'launch date' }];
}

/** As long as anything in it; what lies far off, as a deadline of another year, would make the rest a point. */
function pictureOf(
  report: Pick<Report, 'items' | 'falls' | 'startedAt' | 'launchAt' | 'ended'>,
  again: Replayed,
  around: { board: Board; of: number; facts: readonly WrittenFact[] }
): ReportTimeline {
  const { board, of, facts } = around;
  const from = report.startedAt ?? isoText(again.launch.startedAt);
  const to = report.ended ? report.ended.at : isoText(Math.max(of, Date.parse(board.launchAt)));
  return timelineOf(report.items ?? [], again, { marks: marksFor(board, facts), falls: report.falls ?? [], from, to });
}

function stateParts(seen: Seen, again: Replayed | undefined) {
  const { board } = seen;
  return {
    phase: board?.phase ?? null,
    launchAt: board?.launchAt ?? null,
    gates: board?.gates ?? null,
    items: board ? itemsOf(board, again?.items, seen.of) : null,
    milestones: board ? milestonesOf(board) : null,
    metrics:
      board?.metrics.map(({ baseline, counted, of, by, ...each }) => ({
        ...each,
        baseline: baseline ?? null,
        counted: counted ?? null,
        of: of ?? null,
        by: by ?? null,
      })) ?? null,
    slips: board?.slips.map(({ by, ...each }) => ({ ...each, by: by ?? null })) ?? null,
    actions: board?.actions.map(({ kind: _kind, ...each }) => each) ?? null,
    postLaunch: board?.postLaunch
      ? {
          ...board.postLaunch,
          criteria: board.postLaunch.criteria.map(({ id, title, state, evidence, alarmed }) => ({
            id,
            title,
            state,
            evidence,
            alarmed,
          })),
        }
      : null,
    rollback: board?.rollback ?? [],
  };
}

function pastParts({ plan, facts }: Gathered, again: Replayed | undefined, of: number) {
  const started = history.startOf(facts);
  const authority = again?.launch.plan.launch;
  return {
    firstAt: plan ? isoText(plan.launch.at) : null,
    startedAt: started?.at ?? null,
    startedBy: started?.by ?? null,
    ended: history.endOf(facts),
    decisions: decisionsOf(again),
    waivers: history.waiversGiven(facts, of),
    authority: authority
      ? { by: authority.authority.by, quorum: authority.authority.quorum, separation: authority.separation }
      : null,
    falls: history.fallsSeen(facts, again?.launch.plan),
    holds: history.holdsMade(facts),
    reported: history.blockersReported(facts),
    revisions: plan ? history.revisionsMade(facts, plan) : null,
  };
}

/** In the order in which it happened, without what cannot be read, which is said. */
function readable(given: Gathered): Gathered {
  const facts = inOrder(given.facts.filter(isReadable));
  const left = given.facts.length - facts.length;
  if (left === 0) return { ...given, facts };
  const said = `${count(left, 'fact')} of its ledger cannot be read, and what they say is not in this report.`;
  return { ...given, facts, doubts: [...given.doubts, said], whole: false };
}

/** All that is worth keeping of a launch, from what was found of it. Pure. */
export function reportOf(given: Gathered): Report {
  const gathered = readable(given);
  const tried = attempt(gathered);
  const again = 'done' in tried ? tried.done : undefined;
  const seen = seenOf(gathered, again);
  const { board, from, of } = seen;
  const other = otherOf(gathered, again, seen);
  const plan = again?.launch.plan ?? gathered.plan;
  const timezone = board?.timezone ?? plan?.timezone ?? 'UTC';
  const past = pastParts(gathered, again, of);
  const state = stateParts(seen, again);
  const { at, facts, launch } = gathered;
  return {
    format: 1,
    launch,
    title: board?.title ?? plan?.title ?? launch,
    revision: board?.revision ?? plan?.revision ?? null,
    timezone,
    trial: board?.trial ?? plan?.trial ?? false,
    speed: board?.speed?.factor ?? plan?.speed?.factor ?? null,
    made: {
      at: isoText(at),
      of: isoText(of),
      from,
      text: madeText(gathered, seen, timezone),
      differs: board && other ? differences(board, other) : [],
    },
    notKnown: notKnown(gathered, tried, seen),
    verdict: verdictOf(seen, facts),
    ...state,
    ...past,
    signOffs: signOffsOf(seen, again, facts),
    timeline: board && again ? pictureOf({ ...state, ...past }, again, { board, of, facts }) : null,
    ledger: ledgerOf(gathered),
  };
}
