import { useId, type ReactNode } from 'react';
import type { FactsWanted } from '../../api/queries';
import { useLaunch } from '../../live/use-launch';
import { FACT_TYPES } from '../../parts/fact-words';

export type Wanted = Pick<FactsWanted, 'type' | 'item' | 'by'>;

const NAMES = ['type', 'item', 'by'] as const;

/** What the page's address says is wanted. */
export function filterOf(search: URLSearchParams): Wanted {
  const given = NAMES.flatMap((name) => {
    const value = search.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

interface Props {
  wanted: Wanted;
  choose: (next: { [name: string]: string }) => void;
}

/** By type, item and person; the choice is in the page's address. */
export function Filter({ wanted, choose }: Props): ReactNode {
  const { board, reader } = useLaunch();
  const set = (name: keyof Wanted, value: string): void => {
    // As the address is by now: what was drawn last may be one choice behind.
    const next = { ...filterOf(new URLSearchParams(window.location.search)), [name]: value };
    choose(Object.fromEntries(Object.entries(next).filter(([, each]) => each !== '')) as { [name: string]: string });
  };
  const isFiltered = NAMES.some((name) => wanted[name] !== undefined);
  return (
    <div className="filter" role="group" aria-label="Which entries">
      <Choice
        label="Kind"
        all="every kind"
        value={wanted.type}
        options={FACT_TYPES.map(({ type, name }) => [type, name])}
        choose={(value) => set('type', value)}
      />
      <Choice
        label="Item"
        all="every item"
        value={wanted.item}
        options={board.items.map(({ id }) => [id, id])}
        choose={(value) => set('item', value)}
      />
      <Choice
        label="Person"
        all="everybody"
        value={wanted.by}
        options={reader.people.map(({ id, name }) => [id, name === id ? id : `${id}, ${name}`])}
        choose={(value) => set('by', value)}
      />
      {isFiltered && (
        <button type="button" className="link" onClick={() => choose({})}>
          Show all
        </button>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | undefined;
  options: ReadonlyArray<readonly [string, string]>;
  choose: (value: string) => void;
}

function Choice({ label, all, value = '', options, choose }: ChoiceProps): ReactNode {
  const id = useId();
  const isKnown = value === '' || options.some(([option]) => option === value);
  return (
    <span className="choose">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => choose(target.value)}>
        <option value="">{all}</option>
        {!isKnown && <option value={value}>{value}</option>}
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
