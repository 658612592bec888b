import type { ReactNode } from 'react';
import { Link, NavLink, Outlet, useParams } from 'react-router';
import { useMe } from '../api/queries';
import type { Refused } from '../api/refused';
import { speakAs } from '../api/speaks-as';
import { useReader, type Reader } from '../live/reader';
import { LaunchProvider, useLaunchView, useStream } from '../live/use-launch';
import { LedgerMark } from '../parts/ledger-mark';
import { Failed, Loading } from '../parts/part';
import { cityOf, readerZone } from '../parts/times';
import { SignInPage } from '../pages/sign-in/sign-in-page';
import { ConnectionBanners, ConnectionDot } from './connection';
import { Frame } from './frame';
import { Keys } from './keys';
import { SignOut } from './signed-in';

/** All pages of one launch: they share its stream. */
export function LaunchFrame(): ReactNode {
  const { id = '' } = useParams();
  return (
    <LaunchProvider key={id} launch={id}>
      <Inner launch={id} />
    </LaunchProvider>
  );
}

function Inner({ launch }: { launch: string }): ReactNode {
  const { board, refused } = useLaunchView();
  const { tryNow } = useStream();
  const me = useMe(launch);
  if (refused?.code === 'UNAUTHENTICATED') return <SignInPage />;
  if (!board || me.data === undefined) {
    const error = refused ?? me.error;
    return (
      <Frame brand={launch} home="/">
        {error ? (
          <Missing launch={launch} why={error} again={() => (refused ? tryNow() : void me.refetch())} />
        ) : (
          <Waiting launch={launch} />
        )}
      </Frame>
    );
  }
  return (
    <Frame
      brand={board.title}
      home="/"
      nav={<Tabs launch={launch} revision={board.revision} />}
      end={<End launch={launch} />}
      foot={<Foot />}
    >
      <ConnectionBanners />
      <Outlet />
    </Frame>
  );
}

function Waiting({ launch }: { launch: string }): ReactNode {
  return (
    <>
      <h1 className="vh">{launch}</h1>
      <Loading rows={5} />
    </>
  );
}

/** It is not there, not for the reader, or cannot be read now. */
function Missing({ launch, why, again }: { launch: string; why: Refused; again: () => void }): ReactNode {
  if (why.code === 'NOT_FOUND' || why.code === 'BAD_INPUT') {
    return (
      <section className="lede">
        <div>
          <title>{`No launch ${launch}`}</title>
          <h1>
            <b>There is no launch “{launch}”,</b> or it is not for you to see.
          </h1>
          <p className="stamp">
            <Link to="/">All launches</Link>
          </p>
        </div>
      </section>
    );
  }
  return (
    <>
      <h1 className="vh">{launch}</h1>
      <Failed what={`The launch “${launch}”`} refused={why} again={again} />
    </>
  );
}

const PAGES = [
  ['', 'Board'],
  ['timeline', 'Timeline'],
  ['sign-off', 'Sign-off'],
  ['standups', 'Standups'],
  ['ledger', 'Ledger'],
  ['outbox', 'Outbox'],
  ['plan', 'Plan'],
] as const;

function Tabs({ launch, revision }: { launch: string; revision: number }): ReactNode {
  return (
    <nav className="tabs" aria-label="This launch">
      {PAGES.map(([path, name]) => (
        <NavLink key={path} to={`/launches/${encodeURIComponent(launch)}${path && `/${path}`}`} end>
          {name}
          {path === 'plan' && <span className="faint"> r{revision}</span>}
        </NavLink>
      ))}
    </nav>
  );
}

const KINDS = { person: '', agent: ' agent', observer: ' observer', operator: ' operator' } as const;

function End({ launch }: { launch: string }): ReactNode {
  const { data: me } = useMe(launch);
  const reader = useReader(me);
  return (
    <>
      <ConnectionDot />
      {reader.kind === 'operator' ? (
        <ActsAs reader={reader} />
      ) : (
        <span className="small">
          <span className="who">{reader.person ?? me?.person}</span>
          <span className="reader-role quiet">{KINDS[reader.kind]}</span>
        </span>
      )}
    </>
  );
}

/** The operator speaks for whom they choose; what is said is recorded so. */
function ActsAs({ reader }: { reader: Reader }): ReactNode {
  return (
    <label className="acts-as small">
      <span className="quiet">Acting as</span>
      <select value={reader.person ?? ''} onChange={({ target }) => speakAs(target.value || null)}>
        <option value="">nobody</option>
        {reader.people.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}

function Foot(): ReactNode {
  const { board } = useLaunchView();
  if (!board) return null;
  const mine = readerZone();
  return (
    <>
      <span>
        Times are {board.timezone}, the plan’s zone
        {mine === board.timezone ? ' and yours' : `, then yours: ${cityOf(mine)}`}.
      </span>
      <LedgerMark />
      <Keys />
      <SignOut />
    </>
  );
}
