import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../domain/board';
import { boardOf } from '../../domain/board';
import { canonicalJson } from '../../domain/digest';
import type { LedgerHead } from '../../domain/ledger';
import { chainOn, chainStart, ChainWalk, type ChainEntry, type LedgerContent } from '../../domain/ledger-chain';
import { ROW } from '../../domain/ledger-rows';
import type { Json, Plan } from '../../domain/plan';
import type { WrittenFact } from '../../domain/replay';
import type { Rehearsal } from '../../domain/simulate';
import { compilePlan } from '../../plan/compile';
import { validatePlan } from '../../plan/validate';
import type { ReportSources } from '../../report/gather';
import { projectRoot } from '../../stack/paths';

/** The example of the project, compiled at `now`. */
export function examplePlan(now: number): Plan {
  const file = join(projectRoot(), 'examples', 'production-launch.yaml');
  const { document } = validatePlan(readFileSync(file, 'utf8'), { file, now });
  return compilePlan(document!, { now });
}

/** Whoever may say yes does, of all that is theirs. */
export function everybodySaysYes(run: Rehearsal): void {
  const { people } = run.world.launch.plan;
  const namedBy = (roles: readonly string[]) =>
    people.filter(({ id, roles: held }) => roles.some((role) => role === id || held.includes(role)));
  for (const [id, { plan: slice }] of Object.entries(run.world.items)) {
    const { criteria, decision } = slice.item;
    for (const { id: criterion, attest } of criteria) {
      for (const { id: by } of namedBy(attest?.by ?? []))
        run.actOnItem(id, { type: 'attest', by, criterion, evidence: { note: 'seen with my own eyes' } });
    }
    const [option] = decision?.options ?? [];
    for (const { id: by } of namedBy(decision?.by ?? []))
      if (option) run.actOnItem(id, { type: 'decide', by, option: option.id, why: 'it is ready' });
  }
}

/** A ledger as the database would hold it: the launch's start, the row with its plan, and its facts. */
export function ledgerOf(plan: Plan, facts: readonly WrittenFact[]): LedgerContent[] {
  const workflow = `launch:${plan.id}`;
  const row = { rowSeq: 0, row: { kind: 'launch', title: plan.title, plan: JSON.parse(canonicalJson(plan)) as Json } };
  const of = { launch: plan.id, workflow, firstRun: 'run', item: null, at: plan.start, recordedAt: plan.start };
  const first: Array<Omit<LedgerContent, 'position'>> = [
    { ...of, seq: 0, type: 'started', body: { by: 'manager' } },
    { ...of, seq: null, type: ROW, body: row as unknown as Json },
  ];
  const others = facts.map(({ item, ...fact }) => ({ ...of, ...fact, seq: fact.seq + 1, item: item ?? null }));
  return [...first, ...others].map((each, index) => ({ ...each, position: String(index + 9) }));
}

export interface Found {
  /** What the launch answers; absent: Temporal has forgotten it. */
  live?: Board;
  kept?: Awaited<ReturnType<ReportSources['keptBoard']>>;
  /** What Temporal keeps of the ledger. */
  head?: LedgerHead;
  /** What somebody has done to the ledger. */
  tamper?: (entries: ChainEntry[]) => ChainEntry[];
}

/** Where a report of a ledger is made from, held in memory; it is chained and walked as the database's is. */
export function sourcesOf(contents: readonly LedgerContent[], found: Found = {}): ReportSources {
  const { live, kept, head, tamper = (entries) => entries } = found;
  const gone = () => Promise.reject(Object.assign(new Error('there is no such launch'), { code: 'NOT_FOUND' }));
  return {
    board: () => (live ? Promise.resolve(live) : gone()),
    ledgerHeads: async () => ({ heads: head ? [{ ...head, from: 'the running launch' }] : [] }),
    keptBoard: async () => kept,
    read: async (launch, heads, take) => {
      const chained = chainOn(chainStart(launch), contents);
      const last = chained.at(-1);
      const walk = new ChainWalk(launch, heads);
      for (const entry of tamper(chained)) {
        walk.take(entry);
        take(entry);
      }
      return walk.end(last ? { number: last.number, hash: last.hash } : chainStart(launch));
    },
  };
}

export function headOf(contents: readonly LedgerContent[], launch: string): LedgerHead {
  const { number, hash } = chainOn(chainStart(launch), contents).at(-1)!;
  return { number, hash };
}

export function boardNow({ world }: Rehearsal): Board {
  return boardOf(world.launch, world.now);
}
