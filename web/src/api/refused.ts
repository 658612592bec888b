/** What the API answers instead of what was asked for, as people are shown it. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    /** Stable: the rule's or the gateway's code, or one of those below. */
    readonly code: string,
    /** One sentence for a person. */
    message: string,
    readonly more: { status?: number; requestId?: string; details?: { [key: string]: unknown } } = {}
  ) {
    super(message);
  }

  /** Whether the same may be answered a moment later: nobody has said no. */
  get isPassing(): boolean {
    const { status } = this.more;
    return status === undefined || status === 429 || status >= 500;
  }
}

/** The gateway itself cannot be reached. */
export const NO_ANSWER = 'NO_ANSWER';
/** It answers, but not as the API does. */
export const UNREADABLE = 'UNREADABLE';

export function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  return new Refused(UNREADABLE, error instanceof Error ? error.message : String(error));
}
