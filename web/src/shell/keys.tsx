import { useEffect, useState, type ReactNode } from 'react';
import { Dialog } from '../parts/dialog';

const REMEMBERED = 'launch-director:keys';

/** What J and K go through: links and buttons that stand for rows carry `data-row`. */
function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  if (rows.length === 0) return;
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by));
  rows[next]?.focus();
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}

/** One letter each, so they can be turned off. */
export function Keys(): ReactNode {
  const [areOn, setOn] = useState(() => localStorage.getItem(REMEMBERED) !== 'off');
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!areOn) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const act = { j: () => move(1), k: () => move(-1), '?': () => setOpen(true) }[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [areOn]);
  const turn = (on: boolean): void => {
    localStorage.setItem(REMEMBERED, on ? 'on' : 'off');
    setOn(on);
  };
  return (
    <>
      <span>
        {areOn && (
          <>
            Keys: <kbd className="mono">J</kbd> <kbd className="mono">K</kbd> move, <kbd className="mono">Enter</kbd>{' '}
            opens.{' '}
          </>
        )}
        <button type="button" className="link" onClick={() => setOpen(true)}>
          All keys
        </button>
      </span>
      {isOpen && (
        <Dialog title="Keys" close={() => setOpen(false)}>
          <dl className="facts">
            <div>
              <dt>
                <kbd className="mono">J</kbd>, <kbd className="mono">K</kbd>
              </dt>
              <dd>next row, row before</dd>
            </div>
            <div>
              <dt>
                <kbd className="mono">Enter</kbd>
              </dt>
              <dd>opens the row</dd>
            </div>
            <div>
              <dt>
                <kbd className="mono">?</kbd>
              </dt>
              <dd>this list</dd>
            </div>
          </dl>
          <label className="choice">
            <input type="checkbox" checked={areOn} onChange={({ target }) => turn(target.checked)} />
            <span>Use these keys</span>
          </label>
        </Dialog>
      )}
    </>
  );
}
