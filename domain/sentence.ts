import type { Reason } from './launch-state';

function counted(reasons: readonly Reason[], code: Reason['code'], [one, many]: [one: string, many: string]): string[] {
  const number = new Set(reasons.filter((reason) => reason.code === code).map(({ ref }) => ref)).size;
  return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
}

/** "3 musts open, 1 sign-off missing": the reasons in the fewest words, the weightiest first. */
export function reasonsInShort(reasons: readonly Reason[]): string {
  const texts = (...codes: Array<Reason['code']>) =>
    reasons.filter(({ code }) => codes.includes(code)).map(({ text }) => text);
  const musts = counted(reasons, 'MUST_UNMET', ['must open', 'musts open']);
  return [
    ...texts('GAVE_UP', 'NO_GO_TRIGGER', 'SAID_NO', 'HOLD'),
    ...musts,
    ...(musts.length === 0 ? texts('NO_MUST') : []),
    ...counted(reasons, 'REPORT_UNREVIEWED', ['reported blocker to review', 'reported blockers to review']),
    ...counted(reasons, 'SIGN_OFF_MISSING', ['sign-off missing', 'sign-offs missing']),
    ...texts('WINDOW', 'ANNOUNCEMENT', 'SHOULD_MIN'),
  ].join(', ');
}
