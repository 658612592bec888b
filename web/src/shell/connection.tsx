import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { durationText } from '../../../domain/text';
import { useMe } from '../api/queries';
import { useMachineNow } from '../live/now';
import { useReader } from '../live/reader';
import { useLaunch, useLaunchView, useStream } from '../live/use-launch';
import { Banner } from '../parts/banner';
import { Mark } from '../parts/mark';
import { secondIn } from '../parts/times';
import { Instant } from '../parts/when';

/** By this machine's clock, which is what `heardAt` was taken by. */
function useSilence(): number {
  const now = useMachineNow();
  const { connection } = useLaunchView();
  return connection.heardAt === undefined ? 0 : Math.max(0, now - connection.heardAt);
}

export function ConnectionDot(): ReactNode {
  const { connection } = useLaunchView();
  const silence = useSilence();
  const isLive = connection.state === 'live';
  return (
    <span className="link-state">
      <Mark name={isLive ? 'live' : 'off'} />
      <span>
        {isLive ? 'Live' : `${durationText(silence)} old`}
        {isLive && <span className="more">, heard {durationText(silence)} ago</span>}
      </span>
    </span>
  );
}

/** How things are with the connection, the launch and the reader, above every page of a launch. */
export function ConnectionBanners(): ReactNode {
  const { board, launch } = useLaunch();
  const { data: me } = useMe(launch);
  const reader = useReader(me);
  const isOver = board.ended !== null;
  return (
    <div className="banners">
      <Stale />
      {!board.live && !isOver && (
        <Banner kind="status" role="unsure" mark="errored">
          <b>The launch itself does not answer.</b> What you see was kept{' '}
          <Instant at={board.at} plan={board.timezone} zone />. What people say now does not reach it.
        </Banner>
      )}
      {board.broken && (
        <Banner kind="alert" role="notmet" mark="failed">
          <b>The ledger is not as it was written.</b> This page is made of it, so what it shows may not be what
          happened.
        </Banner>
      )}
      {board.incomplete && (
        <Banner kind="status" role="unsure" mark="unclear">
          <b>Not all of this launch is known.</b> The rules cannot follow its ledger: the verdict, its reasons, the end
          and the states of items are as they were written; parts that are empty here are not known.
        </Banner>
      )}
      {board.ledger.position === null && (
        <Banner kind="status" role="unsure" mark="errored">
          <b>The ledger’s database does not answer.</b> Decisions are taken and kept; they appear in the ledger when it
          does.
        </Banner>
      )}
      {reader.kind === 'observer' && (
        <Banner kind="status" role="idle" mark="open">
          <b>You are reading as an observer.</b> You can see everything and change nothing.
        </Banner>
      )}
      {reader.kind === 'operator' && reader.person === null && !isOver && (
        <Banner kind="status" role="idle" mark="open">
          <b>You are the operator, and act as nobody.</b> Choose above for whom you speak; what you say is recorded so.
        </Banner>
      )}
    </div>
  );
}

/** What is spoken does not change while it lasts; the ages beside it do. */
function Stale(): ReactNode {
  const { board } = useLaunch();
  const { connection, refused } = useLaunchView();
  const { tryNow } = useStream();
  const silence = useSilence();
  const now = useMachineNow();
  if (connection.state !== 'stale' || connection.heardAt === undefined) return null;
  const next = connection.nextTryAt === undefined ? undefined : Math.max(0, connection.nextTryAt - now);
  return (
    <div className="banner unsure">
      <Mark name="stale" />
      <span>
        <b role="status">Connection lost at {secondIn(board.timezone, connection.heardAt)}.</b>{' '}
        <b>What you see is {durationText(silence)} old.</b> Countdown and clocks go on; states do not.{' '}
        {refused?.code === 'NOT_FOUND' ? (
          <>
            This launch is no longer for you to see. <Link to="/">All launches</Link>
          </>
        ) : (
          <>
            {next === undefined ? 'Trying again now.' : `Trying again in ${Math.ceil(next / 1_000)} s.`}{' '}
            <button type="button" className="link" onClick={tryNow}>
              Try now
            </button>
          </>
        )}
      </span>
    </div>
  );
}
