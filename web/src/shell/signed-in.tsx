import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Outlet } from 'react-router';
import { signOut } from '../api/client';
import { useMe } from '../api/queries';
import { speakAs } from '../api/speaks-as';
import { Failed, Loading } from '../parts/part';
import { SignInPage } from '../pages/sign-in/sign-in-page';
import { Frame } from './frame';

/** Pages for those who are signed in; others are asked to, and come to the page that they asked for. */
export function SignedIn(): ReactNode {
  const { data, error, refetch } = useMe();
  if (error?.code === 'UNAUTHENTICATED') return <SignInPage />;
  if (data) return <Outlet />;
  return (
    <Frame brand="Control room" home="/">
      <h1 className="vh">Control room</h1>
      {error ? <Failed what="The page" refused={error} again={() => void refetch()} /> : <Loading />}
    </Frame>
  );
}

/** Who is signed in, and the way out. */
export function SignOut(): ReactNode {
  const { data: me } = useMe();
  const queries = useQueryClient();
  const leave = async (): Promise<void> => {
    await signOut().catch(() => undefined);
    speakAs(null);
    queries.clear();
    window.location.assign('/sign-in');
  };
  if (!me) return null;
  return (
    <span>
      Signed in as {me.person}.{' '}
      <button type="button" className="link" onClick={() => void leave()}>
        Sign out
      </button>
    </span>
  );
}
