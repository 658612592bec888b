/** Words beside marks on one line: which of them have room, and on which side. */

export interface Wanted {
  x: number;
  text: string;
  /** The higher are placed first. */
  weight: number;
}

export interface Placed {
  x: number;
  side: 'start' | 'end';
  text: string;
}

const PX_OF_A_LETTER = 6.3;
const GAP = 10;

/** For each of `wanted` where its words go, or undefined where they would lie over others. */
export function placeWords(wanted: readonly Wanted[], width: number): Array<Placed | undefined> {
  const taken = wanted.map(({ x }) => ({ from: x - 5, to: x + 5 }));
  const placed: Array<Placed | undefined> = wanted.map(() => undefined);
  const order = wanted.map((_, at) => at).sort((a, b) => wanted[b]!.weight - wanted[a]!.weight);
  for (const at of order) {
    const { x, text } = wanted[at]!;
    const length = text.length * PX_OF_A_LETTER;
    const sides = [
      { side: 'start' as const, x: x + GAP, from: x + GAP - 4, to: x + GAP + length },
      { side: 'end' as const, x: x - GAP, from: x - GAP - length, to: x - GAP + 4 },
    ];
    const free = sides.find(
      ({ from, to }) =>
        from >= 0 && to <= width && taken.every((each, other) => other === at || each.to <= from || each.from >= to)
    );
    if (!free) continue;
    placed[at] = { x: free.x, side: free.side, text };
    taken.push({ from: free.from, to: free.to });
  }
  return placed;
}
