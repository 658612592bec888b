import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { signIn } from '../../api/client';
import { asRefused, type Refused } from '../../api/refused';
import { speakAs } from '../../api/speaks-as';
import { SignInPage } from './sign-in-page';

/**
 * The token that the address ends with (`/#token=…`), as `launch up` prints it: taken out of the address and its history
 * before anything else. What stands behind # never reaches a server or its log.
 */
export function takeToken(): string | undefined {
  const { hash, pathname, search } = window.location;
  const token = new URLSearchParams(hash.slice(1)).get('token');
  if (token === null) return undefined;
  window.history.replaceState(null, '', pathname + search);
  return token;
}

/** Exchanges the token before anything else is asked. */
export function TokenInAddress({ token, children }: { token?: string; children: ReactNode }): ReactNode {
  const [state, setState] = useState<'done' | 'asking' | Refused>(token === undefined ? 'done' : 'asking');
  const queries = useQueryClient();
  const asked = useRef(false);
  useEffect(() => {
    if (token === undefined || asked.current) return;
    asked.current = true;
    signIn(token).then(
      () => {
        speakAs(null);
        queries.clear();
        setState('done');
      },
      (error: unknown) => setState(asRefused(error))
    );
  }, [token, queries]);
  if (state === 'done') return children;
  if (state === 'asking') return null;
  return <SignInPage refused={state} signedIn={() => setState('done')} />;
}
