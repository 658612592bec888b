import type { ReactNode } from 'react';
import type { ItemAnswer } from '../../api/types';
import { aboutOption, decidersText } from '../../forms/decide';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { When } from '../../parts/when';
import { Who } from '../../parts/who';

type Record = NonNullable<ItemAnswer['decision']>;

/** What was asked, what was chosen, by whom and why, and who wanted something else. */
export function Decision({ record }: { record: Record }): ReactNode {
  const { options, choice, choices, dissent, final, deadline, ifSilent } = record;
  const silent = ifSilent === 'escalate' ? 'who decides is reminded and told on' : `“${ifSilent}” is taken`;
  return (
    <Section id="decision" title="The decision" count={choice ? 'final' : 'open'}>
      <p className="read">
        {choice ? (
          <>
            <b>{choice.title}</b>
            {choice.how === 'silent' && ', since nobody had answered in time'}
            {final !== null && (
              <>
                {', '}
                <When at={final} zone />
              </>
            )}
            .
          </>
        ) : (
          <>
            {decidersText(record)}{' '}
            {deadline !== null && (
              <>
                Without an answer by <When at={deadline} /> {silent}.
              </>
            )}
          </>
        )}
      </p>
      <ul className="plain">
        {options.map((option) => (
          <li key={option.id}>
            <State
              state={choice ? (choice.option === option.id ? 'met' : 'dropped') : 'open'}
              word={option.title}
              why={aboutOption(option)}
            />
          </li>
        ))}
      </ul>
      <Said title="Why" all={choice?.choices ?? choices} />
      <Said title="Wanted something else" all={dissent} names={options} />
    </Section>
  );
}

interface SaidProps {
  title: string;
  all: Record['choices'];
  names?: Record['options'];
}

function Said({ title, all, names }: SaidProps): ReactNode {
  if (all.length === 0) return null;
  return (
    <>
      <h3 className="part-title">{title}</h3>
      {all.map(({ by, at, why, option }) => (
        <div className="said" key={`${by} ${at}`}>
          <p className="said-by">
            <b>
              <Who id={by} />
            </b>{' '}
            <When at={at} />
          </p>
          <p>
            {names && <>{names.find(({ id }) => id === option)?.title ?? option}. </>}
            {why ?? 'No reason was given.'}
          </p>
        </div>
      ))}
    </>
  );
}
