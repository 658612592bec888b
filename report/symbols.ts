import type { Mark } from './document';
import { markup, Markup } from './markup';
import { ROLES } from './words';

/** The shapes of states, as the control room has them. Markup of our own. */
const SYMBOLS = `<symbol id="s-met" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.25" fill="currentColor"/><path d="M4.6 8.3l2.3 2.3 4.5-4.9" fill="none" stroke="var(--paper)" stroke-width="1.8"/></symbol>
<symbol id="s-failed" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" fill="currentColor"/><path d="M4.7 4.7l6.6 6.6M11.3 4.7l-6.6 6.6" fill="none" stroke="var(--paper)" stroke-width="1.8"/></symbol>
<symbol id="s-unclear" viewBox="0 0 16 16"><path d="M8 .8L15.2 8 8 15.2.8 8z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M6.2 6.5c0-1 .8-1.7 1.8-1.7s1.8.6 1.8 1.6c0 1.3-1.7 1.4-1.7 2.7M8.05 10.2v1.4" fill="none" stroke="currentColor" stroke-width="1.4"/></symbol>
<symbol id="s-errored" viewBox="0 0 16 16"><path d="M8 1.5l7 13H1z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/><path d="M8 6v4M8 11.3v1.5" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-stale" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.6 1.64"/><path d="M8 4.3V8l2.7 1.7" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-inhand" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 3.2a4.8 4.8 0 010 9.6z" fill="currentColor"/></symbol>
<symbol id="s-open" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-waiting" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.1 2.14"/><path d="M4.8 8h6.4" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-waived" viewBox="0 0 16 16"><path d="M1.5 1.8h13v6.4c0 3.4-3 5.4-6.5 6.6-3.5-1.2-6.5-3.2-6.5-6.6z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M4.5 8h7" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-dropped" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M3.3 12.7l9.4-9.4" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="s-late" viewBox="0 0 16 16"><path d="M3 1v14" stroke="currentColor" stroke-width="1.6"/><path d="M3 2h10.5l-3 3.25 3 3.25H3z" fill="currentColor"/></symbol>
<symbol id="s-GO" viewBox="0 0 56 56"><circle cx="28" cy="28" r="27" fill="currentColor"/><path d="M16 29l8.5 8.5L40.5 19" fill="none" stroke="var(--paper)" stroke-width="5"/></symbol>
<symbol id="s-DELAY" viewBox="0 0 56 56"><path d="M28 1l27 27-27 27L1 28z" fill="currentColor"/><path d="M22.5 18v20M33.5 18v20" stroke="var(--paper)" stroke-width="5"/></symbol>
<symbol id="s-NO_GO" viewBox="0 0 56 56"><path d="M17 1h22l16 16v22L39 55H17L1 39V17z" fill="currentColor"/><path d="M14 28h28" stroke="var(--paper)" stroke-width="6"/></symbol>
<symbol id="s-none" viewBox="0 0 56 56"><circle cx="28" cy="28" r="25" fill="none" stroke="currentColor" stroke-width="4" stroke-dasharray="8 6"/></symbol>`;

/** To be had once, before they are used. */
export const symbols = new Markup(
  `<svg class="none" width="0" height="0" aria-hidden="true" focusable="false">${SYMBOLS}</svg>`
);

/** The shape of a state; its word stands beside it. */
export function shape(mark: Mark | 'GO' | 'DELAY' | 'NO_GO' | 'none'): Markup {
  return markup`<svg aria-hidden="true"><use href="#s-${mark}" /></svg>`;
}

const VERDICT_ROLES = { GO: 'met', DELAY: 'unsure', NO_GO: 'notmet', none: 'idle' } as const;

export const verdictRole = (value: keyof typeof VERDICT_ROLES): string => VERDICT_ROLES[value];
export const role = (mark: Mark): string => ROLES[mark];
