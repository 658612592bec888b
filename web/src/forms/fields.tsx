import { useId, type ReactNode } from 'react';
import { instantOf, offsetAt } from '../../../domain/intervals';
import type { Plan } from '../api/types';

interface Props {
  label: string;
  hint?: ReactNode;
}

interface TextProps extends Props {
  value: string;
  change: (value: string) => void;
  /** Several lines. */
  long?: boolean;
  kind?: 'text' | 'url';
}

/** A field says what it wants above it, never within it. */
export function TextField({ label, hint, value, change, long = false, kind = 'text' }: TextProps): ReactNode {
  const id = useId();
  const more = {
    id,
    value,
    maxLength: 4_000,
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Hint id={`${id}-hint`}>{hint}</Hint>
      {long ? (
        <textarea {...more} onChange={({ target }) => change(target.value)} />
      ) : (
        <input {...more} type={kind} onChange={({ target }) => change(target.value)} />
      )}
    </div>
  );
}

function Hint({ id, children }: { id: string; children: ReactNode }): ReactNode {
  if (children === undefined) return null;
  return (
    <span className="hint" id={id}>
      {children}
    </span>
  );
}

export interface Option<Value extends string> {
  value: Value;
  label: ReactNode;
  /** In a line below. */
  about?: ReactNode;
}

interface OptionsProps<Value extends string> extends Props {
  options: ReadonlyArray<Option<Value>>;
  /** Nothing is preselected, unless the caller says so. */
  value: Value | undefined;
  change: (value: Value) => void;
}

/** One of several. */
export function Options<Value extends string>(props: OptionsProps<Value>): ReactNode {
  const { label, hint, options, value, change } = props;
  const name = useId();
  return (
    <fieldset className="field" aria-describedby={hint === undefined ? undefined : `${name}-hint`}>
      <legend>{label}</legend>
      <Hint id={`${name}-hint`}>{hint}</Hint>
      {options.map((option) => (
        <Choice key={option.value} option={option}>
          <input type="radio" name={name} checked={value === option.value} onChange={() => change(option.value)} />
        </Choice>
      ))}
    </fieldset>
  );
}

function Choice({ option, children }: { option: Option<string>; children: ReactNode }): ReactNode {
  return (
    <label className="choice">
      {children}
      <span>
        <b>{option.label}</b>
        {option.about !== undefined && <span className="hint">{option.about}</span>}
      </span>
    </label>
  );
}

interface ChecksProps extends Props {
  options: ReadonlyArray<Option<string>>;
  values: readonly string[];
  change: (values: string[]) => void;
}

/** Any of several. */
export function Checks({ label, hint, options, values, change }: ChecksProps): ReactNode {
  const id = useId();
  const turn = (value: string, on: boolean): void =>
    change(on ? [...values, value] : values.filter((each) => each !== value));
  return (
    <fieldset className="field" aria-describedby={hint === undefined ? undefined : `${id}-hint`}>
      <legend>{label}</legend>
      <Hint id={`${id}-hint`}>{hint}</Hint>
      {options.map((option) => (
        <Choice key={option.value} option={option}>
          <input
            type="checkbox"
            checked={values.includes(option.value)}
            onChange={({ target }) => turn(option.value, target.checked)}
          />
        </Choice>
      ))}
    </fieldset>
  );
}

interface InstantProps extends Props {
  /** As the field has it: a time of the plan's clocks, without a zone. */
  value: string;
  change: (value: string) => void;
  zone: string;
  /** Of launches that run faster than planned a minute can be long. */
  seconds?: boolean;
}

/** A date and time, as clocks of the plan's zone show it. */
export function InstantField({ label, hint, value, change, zone, seconds = false }: InstantProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Hint id={`${id}-hint`}>
        By clocks in {zone}. {hint}
      </Hint>
      <input
        id={id}
        type="datetime-local"
        value={value}
        step={seconds ? 1 : 60}
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => change(target.value)}
      />
    </div>
  );
}

/** Epoch ms of what an `InstantField` has; undefined where that is no time. */
export function instantOfField({ calendar }: Pick<Plan, 'calendar'>, value: string): number | undefined {
  const local = Date.parse(`${value}Z`);
  return Number.isNaN(local) ? undefined : instantOf(calendar, local);
}

/** The other way round. */
export function fieldOfInstant({ calendar }: Pick<Plan, 'calendar'>, at: number): string {
  return new Date(at + offsetAt(calendar, at)).toISOString().slice(0, 16);
}
