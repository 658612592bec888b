import type { ReactNode } from 'react';
import { useLaunch } from '../../live/use-launch';
import { BoardAside } from './aside';
import { Gate } from './gate';
import { AfterVerdict, Holds, RefusedMessages, Reported } from './happened';
import { Rail } from './rail';
import { Risks } from './risks';
import { useSeen } from './seen';
import { Since } from './since';
import { callOf, Verdict } from './verdict';

/** What stands between now and GO: the sentence, who is awaited, the poll, what would change it. */
export function BoardPage(): ReactNode {
  const { board } = useLaunch();
  const seen = useSeen();
  return (
    <>
      <title>{`${callOf(board).word}: ${board.title}`}</title>
      <Verdict />
      <Rail />
      <div className="split">
        <div>
          <AfterVerdict />
          <Holds />
          <Gate gate="must" seen={seen} />
          <Gate gate="should" seen={seen} />
          <Gate gate="nice" seen={seen} />
          <div className="two">
            <Risks />
            <Since />
            <Reported />
            <RefusedMessages />
          </div>
        </div>
        <BoardAside />
      </div>
    </>
  );
}
