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
  const ends = new Map<string, number>();
  const before = (id: string): string[] => (open.get(id)?.after ?? []).filter((each) => open.has(each));
  const endOf = (id: string): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    // Also what keeps a circle, which no plan has, from being gone round for ever.
    ends.set(id, -Infinity);
    const { due, estimate = 0 } = open.get(id)!;
    const first = Math.max(-Infinity, ...before(id).map(endOf));
    const end = Math.max(due === undefined ? -Infinity : Math.max(due, now), first + estimate);
    ends.set(id, end);
    return end;
  };
  const lastOf = (ids: readonly string[]): string | undefined =>
    ids.reduce<string | undefined>(
      (last, id) => (last === undefined || endOf(id) > endOf(last) ? id : last),
      undefined
    );
  const must = lastOf(musts.filter((id) => open.has(id)));
  if (must === undefined || !Number.isFinite(endOf(must))) return undefined;
  const ids: string[] = [];
  for (let at: string | undefined = must; at !== undefined && !ids.includes(at); at = lastOf(before(at)))
    ids.unshift(at);
  return { ids, end: endOf(must) };
}
