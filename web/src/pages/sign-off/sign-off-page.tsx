import type { ReactNode } from 'react';
import { verdictSentence } from '../../../../domain/verdict-sentence';
import { useActions, usePlan } from '../../api/queries';
import { SignOff, voidsText } from '../../forms/sign-off';
import { useLaunch } from '../../live/use-launch';
import { Mark, type MarkName } from '../../parts/mark';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { momentIn } from '../../parts/times';
import { Countdown } from '../board/countdown';
import { callOf } from '../board/verdict';
import { useSaid } from './said';
import { Since } from './since';
import { Conditions, Musts, SoFar, WhatYouSign } from './what';

/** Exactly what is signed, and beside it the answer. */
export function SignOffPage(): ReactNode {
  const { board, launch, reader } = useLaunch();
  const actions = useActions(launch);
  const { data: plan } = usePlan(launch, board.revision);
  const said = useSaid();
  const all = said.data ?? [];
  const yes = all.filter(({ answer }) => answer === 'yes');
  const last = yes.findLast(({ by }) => by === reader.person) ?? yes.at(-1);
  return (
    <>
      <Head />
      <div className="split">
        <div>
          <WhatYouSign plan={plan} said={all} />
          {last && <Since key={last.position} last={last} you={last.by === reader.person} />}
          <Musts />
          <Conditions />
          <Part asked={said} what="Sign-offs so far">
            {(found) => <SoFar said={found} />}
          </Part>
        </div>
        <aside aria-label="Your answer">
          <Part asked={actions} what="Whether you may sign">
            {({ actions: possible }) => (
              <SignOff plan={plan} action={possible.find(({ type }) => type === 'signOff')} />
            )}
          </Part>
          {plan && (
            <Section id="voids" title="What would void it">
              <ul className="plain">
                {voidsText(plan).map((text) => (
                  <li key={text}>{text}</li>
                ))}
                <li className="quiet small">You are told at once, and asked to sign again.</li>
              </ul>
            </Section>
          )}
        </aside>
      </div>
    </>
  );
}

const SMALL: { readonly [mark in MarkName]?: MarkName } = { heldLarge: 'held' };

function Head(): ReactNode {
  const { board, reader } = useLaunch();
  const { word, role, mark } = callOf(board);
  const { rest } = verdictSentence(board, (at) => momentIn(board.timezone, at));
  return (
    <div className="title">
      <div>
        <title>{`Sign off: ${board.title}`}</title>
        <p className="quiet">
          {reader.person === null ? (
            'Sign-off'
          ) : (
            <>
              Sign-off by <b className="who">{reader.person}</b>
            </>
          )}
        </p>
        <h1>Sign off: {board.title}</h1>
        <div role="status" aria-atomic="true">
          <span className={`state ${role}`}>
            <Mark name={SMALL[mark] ?? mark} />
            <span>
              {word}
              <span className="why">{rest}</span>
            </span>
          </span>
        </div>
        <a className="jump" href="#answer">
          Go to your answer
        </a>
      </div>
      <Countdown board={board} />
    </div>
  );
}
