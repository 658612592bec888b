/** Why a command was not accepted. Codes are part of the public interface: they are never renamed. */
export const REFUSAL_CODES = [
  'BAD_INPUT',
  'UNKNOWN_PERSON',
  'UNKNOWN_ITEM',
  'UNKNOWN_CRITERION',
  'AMBIGUOUS_CRITERION',
  'UNKNOWN_OPTION',
  'UNKNOWN_REPORT',
  'NOT_ALLOWED',
  'NOT_INDEPENDENT',
  'AGENT_MAY_NOT',
  'OBSERVER_MAY_NOT',
  'NOT_A_DECISION',
  'AUTOMATIC',
  'WAITING',
  'DROPPED',
  'HELD',
  'NOT_HELD',
  'ALREADY',
  'NOTHING_TO_RETRACT',
  'NOTHING_TO_RETRY',
  'FINAL',
  'UNMET',
  'EXPIRES_TOO_SOON',
  'IN_THE_PAST',
  'CHANGED',
  'TOO_MANY_ITEMS',
  'ENDED',
  'KEY_REUSED',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  code: RefusalCode;
  /** One sentence: which rule, and who could do it or what to do instead. */
  message: string;
}

export function refusal(code: RefusalCode, message: string): Refusal {
  return { code, message };
}
