import type { ReactNode } from 'react';
import type { RowState } from '../../../../domain/board-rows';
import { OF_CRITERION, State } from '../../parts/state';
import type { Board } from '../../api/types';
import { useLaunch } from '../../live/use-launch';
import { HoldList } from '../../parts/hold-list';
import { Section } from '../../parts/section';
import { readable } from '../../parts/times';
import { When } from '../../parts/when';

/** Who holds it, since when, why. */
export function Holds(): ReactNode {
  const { board } = useLaunch();
  if (board.holds.length === 0) return null;
  return (
    <Section id="holds" title="Held" count={board.holds.length}>
      <HoldList />
    </Section>
  );
}

export function Reported(): ReactNode {
  const { board } = useLaunch();
  const { reported } = board;
  if (reported.length === 0) return null;
  const open = reported.filter(({ review }) => !review).length;
  return (
    <Section id="reported" title="Reported blockers" count={`${open} to be reviewed`}>
      <ul className="plain">
        {reported.map(({ id, title, by, at, review, deadline }) => (
          <li key={id}>
            <State
              state={review ? (review.accept ? 'in-hand' : 'dropped') : 'open'}
              word={review ? (review.accept ? 'Accepted' : 'Rejected') : 'To be reviewed'}
            />{' '}
            <span className="of">{title}</span>
            <span className="sub">
              {id}, reported by {by} <When at={at} />
              {review && `; ${review.by}${review.reason ? `: ${review.reason}` : ''}`}
              {!review && deadline !== null && (
                <>
                  ; by <When at={deadline} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const ACTION: { readonly [state in Board['actions'][number]['state']]: [RowState, string] } = {
  planned: ['waiting', 'Planned'],
  waiting: ['waiting', 'Waiting'],
  'under-way': ['in-hand', 'Under way'],
  done: ['met', 'Done'],
  failed: ['not-met', 'Failed'],
  unknown: ['unclear', 'May have been done'],
  skipped: ['dropped', 'Skipped'],
};

/** What follows the verdict, and what is watched after GO. */
export function AfterVerdict(): ReactNode {
  const { board } = useLaunch();
  const { verdict, actions, postLaunch, rollback, phase } = board;
  if (verdict.at === null) return null;
  const follows = { GO: 'go', DELAY: 'delay', NO_GO: 'noGo' }[verdict.value];
  const theirs = actions.filter((action) => action.follows === follows && action.state !== 'planned');
  const watched = postLaunch?.from ? postLaunch.criteria : [];
  if (theirs.length === 0 && watched.length === 0) return null;
  const isAlarmed = !board.ended && (phase === 'launch-failed' || watched.some(({ alarmed }) => alarmed));
  return (
    <Section id="after" title="After the verdict">
      <ul className="plain">
        {theirs.map(({ number, title, state, seen, at }) => (
          <li key={number}>
            <State state={ACTION[state][0]} word={ACTION[state][1]} /> <span className="of">{title}</span>
            <span className="sub">
              {seen}
              {at !== null && (
                <>
                  {' '}
                  <When at={at} />
                </>
              )}
            </span>
          </li>
        ))}
        {watched.map(({ id, title, state, evidence }) => (
          <li key={`watched ${id}`}>
            <State state={OF_CRITERION[state as keyof typeof OF_CRITERION] ?? 'unclear'} />{' '}
            <span className="of">{title}</span>
            <span className="sub">
              {evidence === null ? 'nothing is known yet' : readable(evidence, board.timezone)}
            </span>
          </li>
        ))}
      </ul>
      {isAlarmed && rollback.length > 0 && (
        <>
          <h3 className="part-title">The way back, as the plan has it</h3>
          <ol className="steps">
            {rollback.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
    </Section>
  );
}

const LAST = 5;

/** Messages that came by signal and could not be answered. */
export function RefusedMessages(): ReactNode {
  const { board } = useLaunch();
  const { refused } = board;
  if (refused.length === 0) return null;
  return (
    <Section id="refused" title="Refused messages" count={refused.length}>
      <ul className="plain">
        {refused
          .slice(-LAST)
          .reverse()
          .map(({ command, by, at, message }) => (
            <li key={`${command} ${by} ${at}`}>
              {command} by {by}
              <span className="sub">
                {message} <When at={at} />
              </span>
            </li>
          ))}
      </ul>
    </Section>
  );
}
