import type { Board } from '../domain/board';

/** Named at most; the rest is counted. */
const MOST = 10;

type Told = Array<[what: string, value: string]>;

function told({ phase, verdict, launchAt, revision, items, signOffs, ended }: Board): Told {
  return [
    ['the phase', phase],
    // As things stand it changes with every measurement.
    ['the verdict', verdict.at === null ? 'none' : `${verdict.value} of ${verdict.at}`],
    ['the launch date', launchAt],
    ["the plan's revision", String(revision)],
    ['how it ended', ended ? `${ended.how} at ${ended.at}` : 'not'],
    ...items.map(({ id, status }): Told[number] => [`item ${id}`, status]),
    ...signOffs.map(({ by, answer, state }): Told[number] => [`the answer of ${by}`, `${answer}, ${state}`]),
  ];
}

/** Where another source tells the same launch otherwise, in sentences; `board` is what the report says. */
export function differences(board: Board, other: Board): string[] {
  const here = new Map(told(board));
  const there = new Map(told(other));
  const found = [...new Set([...here.keys(), ...there.keys()])].flatMap((what) => {
    const [is, was] = [here.get(what) ?? 'not there', there.get(what) ?? 'not there'];
    return is === was ? [] : [`Of ${what} the report says: ${is}; the other says: ${was}.`];
  });
  return found.length > MOST ? [...found.slice(0, MOST), `And ${found.length - MOST} more.`] : found;
}
