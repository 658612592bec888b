/** What the date hangs on: of the chains of open items that lead to a must, the one that is due last. */

export interface Due {
  id: string;
  /** By when it is to be done, epoch ms. */
  due?: number;
  /** How long it takes, ms. */
  estimate?: number;
  /** What must be met before. */
  after: readonly string[];
}

export interface Chain {
  /** In the order in which they can be done. */
  ids: string[];
  /** When the last of them is due, and not before now. */
  end: number;
}

/** `open`: items that are awaited still, by id. Undefined where no open must has a date, nor anything before it. */
export function criticalChain(
  open: ReadonlyMap<string, Due>,
  musts: readonly string[],
  now: number
): Chain | undefined {
  const known = new Map<string, { end: number; steps: number }>();
  const before = (id: string): string[] => (open.get(id)?.after ?? []).filter((each) => open.has(each));
  const of = (id: string): { end: number; steps: number } => {
    const found = known.get(id);
    if (found) return found;
    // Also what keeps a circle, which no plan has, from being gone round for ever.
    known.set(id, { end: -Infinity, steps: 0 });
    const { due, estimate = 0 } = open.get(id)!;
    const firsts = before(id).map(of);
    const first = Math.max(-Infinity, ...firsts.map(({ end }) => end));
    const end = Math.max(due === undefined ? -Infinity : Math.max(due, now), first + estimate);
    const made = { end, steps: 1 + Math.max(0, ...firsts.map(({ steps }) => steps)) };
    known.set(id, made);
    return made;
  };
  /** Of those that end together the one with the most before it. */
  const isLater = (one: string, other: string) =>
    of(one).end > of(other).end || (of(one).end === of(other).end && of(one).steps > of(other).steps);
  const lastOf = (ids: readonly string[]): string | undefined =>
    ids.reduce<string | undefined>((last, id) => (last === undefined || isLater(id, last) ? id : last), undefined);
  const must = lastOf(musts.filter((id) => open.has(id)));
  if (must === undefined || !Number.isFinite(of(must).end)) return undefined;
  const ids: string[] = [];
  for (let at: string | undefined = must; at !== undefined && !ids.includes(at); at = lastOf(before(at)))
    ids.unshift(at);
  return { ids, end: of(must).end };
}
