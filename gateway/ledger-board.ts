import { boardOf, type Board, type BoardItem } from '../domain/board';
import type { Reason, RecordedVerdict, Condition } from '../domain/launch-state';
import type { Plan } from '../domain/plan';
import { replayed } from '../domain/replay';
import { isoText } from '../domain/text';
import type { Store } from '../prisma/store';
import type { Ledger } from '../prisma/ledger';
import type { LedgerEntry } from '../domain/ledger';
import type { StoredItem } from '../prisma/stored';
import { LedgerFacts } from '../report/ledger-facts';

/** Of a type there may be some of items' own besides the launch's. */
const MOST_OF_TYPE = 1_000;

/** What a board has and the ledger's rows and facts do not say by themselves: shown as nothing rather than guessed. */
export const NOT_KNOWN = [
  'now',
  'digest',
  'gates',
  'signOffs',
  'holds',
  'reported',
  'metrics',
  'announcement',
  'slips',
  'actions',
  'postLaunch',
  'refused',
] as const satisfies ReadonlyArray<keyof Board>;

/** A board made of rows and some facts, where the ledger cannot be taken through the rules. */
export type LedgerBoard = Board & { incomplete: readonly string[] };

async function lastOfLaunch(store: Store, launch: string, type: string): Promise<LedgerEntry | undefined> {
  const found = await store.newestFacts(launch, { type, limit: MOST_OF_TYPE });
  return found.find(({ item }) => item === undefined);
}

function itemOf({ priority, deadline, updatedAt: _updatedAt, ...row }: StoredItem): BoardItem {
  return {
    ...row,
    kind: row.kind as BoardItem['kind'],
    priority: priority ?? null,
    deadline: deadline === undefined ? null : isoText(deadline),
    overdue: false,
    reopened: 0,
    waitingOn: [],
    chosen: null,
    criteria: [],
  };
}

interface Recorded {
  value: Board['verdict']['value'];
  at: string | null;
  reasons: Reason[];
  conditions: Condition[];
}

/** Nothing was recorded: then it is no GO. */
const NONE: Recorded = { value: 'DELAY', at: null, reasons: [], conditions: [] };

function verdictIn(decided: LedgerEntry | undefined): Recorded {
  const verdict = (decided?.body as { verdict?: RecordedVerdict } | undefined)?.verdict;
  if (!verdict) return NONE;
  const { value, at, reasons, conditions } = verdict;
  return { value, at: isoText(at), reasons, conditions };
}

function endIn(ended: LedgerEntry | undefined): Board['ended'] {
  if (!ended) return null;
  const { how, reason } = ended.body as { how: string; reason: string };
  return { how, reason, at: isoText(ended.at) };
}

/** With when it was written last, epoch ms; undefined where the ledger does not know the launch. @throws LedgerError */
export async function ledgerBoard(
  store: Store,
  launch: string
): Promise<{ board: LedgerBoard; at: number } | undefined> {
  const row = await store.launch(launch);
  if (!row) return undefined;
  const [items, decided, ended] = await Promise.all([
    store.items(launch),
    lastOfLaunch(store, launch, 'decided'),
    lastOfLaunch(store, launch, 'ended'),
  ]);
  const plan = row.plan as unknown as Plan;
  const verdict = verdictIn(decided);
  const { value, reasons, conditions } = verdict;
  const board: LedgerBoard = {
    id: row.id,
    title: row.title,
    revision: row.revision,
    phase: row.phase as Board['phase'],
    launchAt: isoText(row.launchAt),
    timezone: plan.timezone,
    verdict: { ...verdict, needs: [] },
    now: { verdict: value, reasons, needs: [], conditions },
    digest: '',
    items: items.map(itemOf),
    gates: { must: [], should: [], nice: [] },
    signOffs: [],
    holds: [],
    reported: [],
    metrics: [],
    standup: null,
    milestones: [],
    announcement: null,
    announce: null,
    slips: [],
    actions: [],
    postLaunch: null,
    rollback: plan.launch.rollback,
    refused: [],
    ended: endIn(ended),
    incomplete: NOT_KNOWN,
  };
  return { board, at: row.updatedAt };
}

/** A board that follows from the ledger alone. */
export interface ReplayedBoard {
  board: Board;
  /** Of its end, or of the last that was written. Epoch ms. */
  at: number;
  /** Of the last fact. */
  position: string;
  /** The chain does not hold: somebody has had a hand in what the board is made of. */
  isBroken: boolean;
}

/**
 * The launch as of its end, its facts taken through the rules once more; undefined where they cannot be.
 * @throws LedgerError
 */
export async function replayedBoard(ledger: Ledger, launch: string): Promise<ReplayedBoard | undefined> {
  const taken = new LedgerFacts();
  const chain = await ledger.read(launch, [], (entry) => taken.take(entry));
  const { plan, facts, whole, last: position } = taken;
  if (!plan || !whole || facts.length === 0) return undefined;
  try {
    const { launch: state } = replayed(plan, facts);
    const at = state.ended?.at ?? Math.max(...facts.map((fact) => fact.at));
    return { board: boardOf(state, at), at, position, isBroken: chain.broken > 0 };
  } catch {
    return undefined; // not what the rules write
  }
}
