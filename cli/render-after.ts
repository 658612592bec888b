import type { Board } from '../domain/board';
import type { Page } from './page';
import { clean, count, cut, instantIn } from './text';

const VERDICTS = { go: 'GO', delay: 'DELAY', noGo: 'NO GO' } as const;

/** What follows the verdicts: what GO will do before it is given, and what was done after. */
export function addActions(page: Page, { actions, timezone }: Board): void {
  const shown = actions.filter(({ follows, state }) => follows === 'go' || state !== 'planned');
  if (shown.length === 0) return;
  const done = shown.filter(({ state }) => state === 'done').length;
  page.title('What follows', `${done} of ${shown.length} done`);
  for (const { follows, number, title, state, attempts, at, seen } of shown) {
    const notes = [
      ...(at === null ? [] : [instantIn(timezone, at)]),
      ...(attempts > 1 ? [`attempt ${attempts}`] : []),
      ...(seen === null ? [] : [seen]),
    ];
    const row = { name: `${VERDICTS[follows]} ${number}`, title, note: notes.join(', ') };
    // What went wrong is read to its end.
    if (state === 'failed' || state === 'unknown' || state === 'skipped') page.fullRow(state, row);
    else page.row(state, row);
  }
}

/** What is watched after GO, and how the launch is taken back. */
export function addWatch(page: Page, { postLaunch, rollback, timezone, phase }: Board): void {
  if (postLaunch) {
    const { until, over, criteria } = postLaunch;
    page.title(
      'Watched after GO',
      until === null ? 'from GO on' : `${over ? 'over since' : 'until'} ${instantIn(timezone, until)}`
    );
    for (const { title, state, evidence, alarmed } of criteria) {
      const note = [...(alarmed ? ['the authority was told'] : []), ...(evidence === null ? [] : [evidence])].join(
        '; '
      );
      page.row(state, { title, note, alarm: alarmed });
    }
  }
  const isPast = phase === 'launching' || phase === 'launched' || phase === 'launch-failed';
  if (rollback.length === 0 || !isPast) return;
  page.title('To roll back', count(rollback.length, 'step'));
  for (const [index, step] of rollback.entries()) page.text(`${index + 1}. ${cut(clean(step), 1_000)}`, 2);
}
