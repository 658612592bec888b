import { QueryClient, useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { ask, fetchMe, launchPath } from './client';
import { speaksAs, useSpeaksAs } from './speaks-as';
import { asRefused, type Refused } from './refused';
import type {
  Accepted,
  FactAnswer,
  FactsAnswer,
  ItemAnswer,
  LastMeasurementsAnswer,
  LaunchesAnswer,
  LedgerAnswer,
  Me,
  MeasurementsAnswer,
  OutboxAnswer,
  Plan,
  PossibleAction,
  StandupsAnswer,
  UnsaidItemCommand,
  UnsaidLaunchCommand,
} from './types';

/** The part of a query's result that a part of a page shows. */
export type Asked<Answer> = Pick<UseQueryResult<Answer, Refused>, 'data' | 'error' | 'refetch'>;

const LAUNCHES_OF_A_PAGE = 50;

/** What failed three times is asked again at this pace, so that a page that nobody touches comes back by itself. */
const FAILED_ANEW_MS = 8_000;

/** Parts that failed are tried again by themselves, but where somebody has said no. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && asRefused(error).isPassing,
        retryDelay: 1_000,
        refetchInterval: ({ state: { error } }) => error !== null && asRefused(error).isPassing && FAILED_ANEW_MS,
        // The gateway may be on this very machine, whatever the browser thinks of the network.
        networkMode: 'always',
        staleTime: 5_000,
        refetchOnWindowFocus: false,
      },
    },
  });
}

/** All that is asked of a launch has a key that begins so. */
export const launchKey = (launch: string, ...rest: unknown[]) => ['launch', launch, ...rest] as const;

/** … but for these: the last runs of checks come with the stream, and the ledger is verified at its own pace. */
const LASTING: readonly unknown[] = ['me', 'plan', 'measurements', 'ledger'];

/**
 * What happens to a launch makes out of date what was asked of it: also an answer that is still under way, which may be
 * of before. It is waited for, since under steady news one that is broken off each time would never come.
 */
export function askAgain(queries: QueryClient, launch: string): void {
  const shared = { cancelRefetch: false };
  for (const { queryKey, state } of queries.getQueryCache().findAll({ queryKey: launchKey(launch) })) {
    if (LASTING.includes(queryKey[2])) continue;
    const only = { queryKey, exact: true };
    const invalidate = () => queries.invalidateQueries(only, shared);
    void (state.fetchStatus === 'idle' ? invalidate() : queries.refetchQueries(only, shared).then(invalidate));
  }
}

export function useMe(launch?: string): Asked<Me> {
  return useQuery<Me, Refused>({
    queryKey: launch === undefined ? ['me'] : launchKey(launch, 'me'),
    queryFn: ({ signal }) => fetchMe(launch, signal),
    staleTime: 60_000,
  });
}

/** Launches, the newest first, a page at a time. */
export function useLaunches() {
  return useInfiniteQuery<LaunchesAnswer, Refused, LaunchesAnswer['launches'], readonly ['launches'], string | null>({
    queryKey: ['launches'],
    queryFn: ({ pageParam, signal }) =>
      ask(`/api/launches${queryOf({ limit: LAUNCHES_OF_A_PAGE, cursor: pageParam ?? undefined })}`, { signal }),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    select: ({ pages }) => pages.flatMap(({ launches }) => launches),
    refetchInterval: 10_000,
  });
}

function useOfLaunch<Answer>(launch: string, path: string[], query = ''): Asked<Answer> {
  return useQuery<Answer, Refused>({
    queryKey: launchKey(launch, ...path, query),
    queryFn: ({ signal }) => ask<Answer>(launchPath(launch, ...path) + query, { signal }),
    placeholderData: (before, of) => (of?.queryKey.at(-1) === query ? before : undefined),
  });
}

/** What watches an item is asked again without news: a run that found nothing new is none. */
const LOOK_AGAIN_MS = 10_000;

/** What it says of what may be done is of whoever asks: of nobody else, until that is known of the one now chosen. */
export function useItem(launch: string, item: string): Asked<ItemAnswer> {
  const as = useSpeaksAs();
  return useQuery<ItemAnswer, Refused>({
    queryKey: launchKey(launch, 'items', item, as),
    queryFn: ({ signal }) => ask<ItemAnswer>(launchPath(launch, 'items', item), { signal, as }),
    placeholderData: (before, of) => (of?.queryKey.at(-2) === item && before ? { ...before, actions: [] } : undefined),
    refetchInterval: LOOK_AGAIN_MS,
  });
}

/** A revision of the plan never changes, so it is asked for once. */
export function usePlan(launch: string, revision: number): Asked<Plan> {
  return useQuery<Plan, Refused>({
    queryKey: launchKey(launch, 'plan', revision),
    queryFn: ({ signal }) => ask<Plan>(`${launchPath(launch, 'plan')}?revision=${revision}`, { signal }),
    staleTime: Infinity,
  });
}

export const useStandups = (launch: string) => useOfLaunch<StandupsAnswer>(launch, ['standups']);
/** A message that is sent or tried again is no news of the launch, so it is looked for. */
const OUTBOX_ANEW_MS = 5_000;

export function useOutbox(launch: string, limit = 200): Asked<OutboxAnswer> {
  return useQuery<OutboxAnswer, Refused>({
    queryKey: launchKey(launch, 'outbox', limit),
    queryFn: ({ signal }) => ask<OutboxAnswer>(`${launchPath(launch, 'outbox')}?limit=${limit}`, { signal }),
    refetchInterval: OUTBOX_ANEW_MS,
  });
}

/** The last run of each check; later ones come with the stream. */
export const useLastMeasurements = (launch: string) => useOfLaunch<LastMeasurementsAnswer>(launch, ['measurements']);

/** What the person who looks may do to the launch now, and why not. */
export function useActions(launch: string): Asked<{ actions: PossibleAction[] }> {
  const as = useSpeaksAs();
  return useQuery<{ actions: PossibleAction[] }, Refused>({
    queryKey: launchKey(launch, 'actions', as),
    queryFn: ({ signal }) => ask<{ actions: PossibleAction[] }>(launchPath(launch, 'actions'), { signal, as }),
  });
}

export interface FactsWanted {
  after?: string;
  before?: string;
  order?: 'oldest' | 'newest';
  /** Who said it. */
  by?: string;
  limit?: number;
  type?: string;
  item?: string;
}

function queryOf(wanted: object): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)] as [string, string]));
  return given.length === 0 ? '' : `?${query}`;
}

/** One page of the ledger. */
export const useFacts = (launch: string, wanted: FactsWanted = {}) =>
  useOfLaunch<FactsAnswer>(launch, ['facts'], queryOf(wanted));

/** Further pages, by hand. @throws Refused */
export const fetchFacts = (launch: string, wanted: FactsWanted, signal?: AbortSignal) =>
  ask<FactsAnswer>(launchPath(launch, 'facts') + queryOf(wanted), { signal });

/** @throws Refused */
export const fetchMeasurements = (
  launch: string,
  of: { item: string; criterion: string; after?: string; order?: 'oldest' | 'newest' },
  signal?: AbortSignal
) =>
  ask<MeasurementsAnswer>(
    launchPath(launch, 'items', of.item, 'criteria', of.criterion, 'measurements') +
      queryOf({ after: of.after, order: of.order, limit: 1_000 }),
    { signal }
  );

/** How often the log is read anew: what comes in between comes with the stream. */
const READ_ANEW_MS = 60_000;

/** The last thousand runs of a check, the newest first. */
export function useNewestMeasurements(launch: string, item: string, criterion: string): Asked<MeasurementsAnswer> {
  return useQuery<MeasurementsAnswer, Refused>({
    queryKey: launchKey(launch, 'measurements', item, criterion),
    queryFn: ({ signal }) => fetchMeasurements(launch, { item, criterion, order: 'newest' }, signal),
    refetchInterval: READ_ANEW_MS,
  });
}

/** All facts that are wanted, a page after the other; once they are there, only those that are new. */
export function useAllFacts(launch: string, wanted: Omit<FactsWanted, 'limit'>): Asked<FactAnswer[]> {
  const queries = useQueryClient();
  const queryKey = launchKey(launch, 'facts', 'all', wanted);
  return useQuery<FactAnswer[], Refused>({
    queryKey,
    queryFn: async ({ signal }) => {
      const facts = [...(queries.getQueryData<FactAnswer[]>(queryKey) ?? [])];
      for (let after = facts.at(-1)?.position ?? wanted.after; ;) {
        const page = await fetchFacts(launch, { ...wanted, after, limit: 1_000 }, signal);
        facts.push(...page.facts);
        if (page.next === null) return facts;
        after = page.next;
      }
    },
  });
}

const FACTS_OF_A_PAGE = 100;

/** The ledger, the newest first, a page at a time. */
export function useNewestFacts(launch: string, wanted: Pick<FactsWanted, 'type' | 'item' | 'by'>) {
  return useInfiniteQuery<FactsAnswer, Refused, FactAnswer[], readonly unknown[], string | undefined>({
    queryKey: launchKey(launch, 'facts', 'newest', wanted),
    queryFn: ({ pageParam, signal }) =>
      fetchFacts(launch, { ...wanted, order: 'newest', before: pageParam, limit: FACTS_OF_A_PAGE }, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ facts }) => facts),
  });
}

const CHECKING_MS = 1_000;
const CHECKED_MS = 10_000;

/** How far the ledger goes, and how far it was verified: the gateway does that by itself. */
export function useLedger(launch: string): Asked<LedgerAnswer> {
  return useQuery<LedgerAnswer, Refused>({
    queryKey: launchKey(launch, 'ledger'),
    queryFn: ({ signal }) => ask<LedgerAnswer>(launchPath(launch, 'ledger'), { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'checking' ? CHECKING_MS : CHECKED_MS),
  });
}

/** `crypto.randomUUID` is there on encrypted pages only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of a command: nothing is done before it has happened. */
export type Saying =
  | { state: 'idle' }
  | { state: 'inFlight'; since: number }
  | { state: 'refused'; refused: Refused }
  | { state: 'done'; accepted: Accepted };

export interface Command<Said> {
  saying: Saying;
  /** Resolves to what was accepted, or to undefined where it was refused; `saying` says why. */
  say(command: Said): Promise<Accepted | undefined>;
  reset(): void;
}

/** Keys of what was said and not answered, by address and content: also of a form that was closed in between. */
const unanswered = new Map<string, string>();

/**
 * Says something to a launch, or to one of its items. What was not answered and is said again is the same message, under
 * the same key; once there is an answer, the next is a new one.
 */
function useCommand<Said>(launch: string, path: string[]): Command<Said> {
  const queries = useQueryClient();
  const [saying, setSaying] = useState<Saying>({ state: 'idle' });
  const address = launchPath(launch, ...path, 'commands');
  const say = useCallback(
    async (command: Said) => {
      const content = JSON.stringify([speaksAs(), address, command]);
      const key = unanswered.get(content) ?? newKey();
      unanswered.set(content, key);
      setSaying({ state: 'inFlight', since: Date.now() });
      try {
        const accepted = await ask<Accepted>(address, { method: 'POST', body: command, key });
        unanswered.delete(content);
        setSaying({ state: 'done', accepted });
        return accepted;
      } catch (error) {
        const refused = asRefused(error);
        if (!refused.isPassing) unanswered.delete(content);
        setSaying({ state: 'refused', refused });
        return undefined;
      } finally {
        askAgain(queries, launch);
      }
    },
    [address, launch, queries]
  );
  const reset = useCallback(() => setSaying({ state: 'idle' }), []);
  return { saying, say, reset };
}

export const useLaunchCommand = (launch: string) => useCommand<UnsaidLaunchCommand>(launch, []);
export const useItemCommand = (launch: string, item: string) => useCommand<UnsaidItemCommand>(launch, ['items', item]);
