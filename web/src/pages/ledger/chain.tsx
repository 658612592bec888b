import { useState, type ReactNode } from 'react';
import type { LedgerAnswer } from '../../api/types';
import { Banner } from '../../parts/banner';
import { State } from '../../parts/state';
import { Age } from '../../parts/when';

const MARKS = {
  sound: { state: 'met', word: 'As it was written' },
  broken: { state: 'not-met', word: 'Not as it was written' },
  checking: { state: 'open', word: 'Being read' },
} as const;

/** The verification mark, and what it rests on. */
export function Chain({ ledger }: { ledger: LedgerAnswer }): ReactNode {
  const { state, head, verified, wholeAt, broken, findings } = ledger;
  const mark = MARKS[state];
  return (
    <>
      {broken > 0 && (
        <Banner kind="alert" role="notmet" mark="failed">
          <b>The ledger is not as it was written.</b> Keep the database as it is; <code>launch ledger verify</code>{' '}
          reads all of it.
          <ul>
            {findings.map(({ code, number, text }) => (
              <li key={`${code} ${number} ${text}`}>
                {text} <span className="mono quiet">{code}</span>
              </li>
            ))}
            {broken > findings.length && <li>and {broken - findings.length} more</li>}
          </ul>
        </Banner>
      )}
      <dl className="facts chain">
        <div>
          <dt>State</dt>
          <dd>
            <State state={mark.state} word={mark.word} />
          </dd>
        </div>
        <div>
          <dt>Verified</dt>
          <dd>
            {verified ? (
              <>
                up to entry {verified.number}, <Age at={verified.at} suffix="ago" />
              </>
            ) : (
              'not yet'
            )}
            {wholeAt !== null && (
              <span className="sub">
                from the first entry to the last <Age at={wholeAt} suffix="ago" />
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>Kept outside</dt>
          <dd>
            <Vouched ledger={ledger} />
          </dd>
        </div>
        <div>
          <dt>Head</dt>
          <dd>{head === null ? 'none yet' : <Head head={head} />}</dd>
        </div>
      </dl>
    </>
  );
}

function Vouched({ ledger: { state, vouched } }: { ledger: LedgerAnswer }): ReactNode {
  if (!vouched) return state === 'checking' ? 'not asked yet' : 'Temporal keeps no head of it, or does not answer';
  const { number, from, holds } = vouched;
  if (holds) return `up to entry ${number} it is the one that ${from} vouches for`;
  return `it is not the one that ${from} vouches for, up to entry ${number}`;
}

/** What somebody writes down, to tell later whether anything was lost. */
function Head({ head }: { head: string }): ReactNode {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(head);
      setSaid('Copied.');
    } catch {
      setSaid('Not copied: this browser does not allow it. Select the text instead.');
    }
  };
  return (
    <>
      <code className="head-text">{head}</code>{' '}
      <button type="button" className="link" onClick={() => void copy()}>
        Copy the head
      </button>
      <span className="sub" role="status">
        {said}
      </span>
      <span className="sub">
        Kept elsewhere, it shows later whether anything was cut off: <code>launch ledger verify --expect</code>
      </span>
    </>
  );
}
