import type { ReactNode } from 'react';
import { NO_ANSWER, UNREADABLE, type Refused } from '../api/refused';
import { Mark, type MarkName } from './mark';
import type { Role } from './state';

interface Props {
  /** `alert`: something was refused or failed; `status`: how things are. */
  kind: 'status' | 'alert';
  role: Role;
  mark: MarkName;
  children: ReactNode;
}

export function Banner({ kind, role, mark, children }: Props): ReactNode {
  return (
    <div className={`banner ${role}`} role={kind}>
      <Mark name={mark} />
      <span>{children}</span>
    </div>
  );
}

/** What tells the operator where to look: the code and the request's id. */
export function Reference({ refused }: { refused: Refused }): ReactNode {
  const { code, more } = refused;
  const isOurs = code === NO_ANSWER || code === UNREADABLE;
  const parts = [...(isOurs ? [] : [code]), ...(more.requestId ? [`request ${more.requestId.slice(0, 8)}`] : [])];
  if (parts.length === 0) return null;
  return (
    <span className="mono quiet" title={more.requestId}>
      {' '}
      {parts.join(', ')}
    </span>
  );
}

/** What was not done, and why. Nothing has changed. */
export function RefusedBanner({ refused, what = 'Not done' }: { refused: Refused; what?: string }): ReactNode {
  return (
    <Banner kind="alert" role="notmet" mark="failed">
      <b>
        {what}: {refused.message.replace(/\.$/, '')}.
      </b>{' '}
      {refused.isPassing
        ? 'It is not known whether it was done; the same again is not done twice.'
        : 'Nothing has changed.'}
      <Reference refused={refused} />
    </Banner>
  );
}
