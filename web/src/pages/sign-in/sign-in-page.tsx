import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { signIn } from '../../api/client';
import { asRefused, type Refused } from '../../api/refused';
import { speakAs } from '../../api/speaks-as';
import { RefusedBanner } from '../../parts/banner';
import { Frame } from '../../shell/frame';

interface Props {
  /** Why the page is not signed in already. */
  refused?: Refused;
  signedIn?: () => void;
}

/** Shown in place of whatever page was asked for, which comes when the token was taken. */
export function SignInPage({ refused: before, signedIn }: Props): ReactNode {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState(before);
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isAsking || token.trim() === '') return;
    setAsking(true);
    try {
      await signIn(token.trim());
      speakAs(null);
      await queries.resetQueries();
      signedIn?.();
      if (pathname === '/sign-in') await navigate('/');
    } catch (error) {
      setRefused(asRefused(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <Frame brand="Control room" home="/">
      <title>Sign in</title>
      <section className="lede">
        <div>
          <h1>
            <b>Sign in</b> with the token that was made for you.
          </h1>
        </div>
      </section>
      {refused && <RefusedBanner refused={refused} what="Not signed in" />}
      <form className="sign-in" onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="token">Token</label>
          <span className="hint" id="token-hint">
            Whoever runs the launch makes it with <code>launch token create PERSON</code>. <code>launch up</code> prints
            an address that signs in by itself.
          </span>
          <input
            id="token"
            type="password"
            autoComplete="off"
            aria-describedby="token-hint"
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </div>
        <p className="send">
          <button className="btn" type="submit" aria-disabled={isAsking || undefined} aria-busy={isAsking || undefined}>
            {isAsking ? 'Signing in' : 'Sign in'}
          </button>
        </p>
      </form>
    </Frame>
  );
}
