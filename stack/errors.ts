export type StackErrorCode =
  | 'TEMPORAL_UNAVAILABLE'
  | 'TEST_SERVER_UNAVAILABLE'
  | 'DATABASE_UNAVAILABLE'
  | 'DATA_IN_USE'
  | 'DATA_UNUSABLE'
  | 'PORT_TAKEN'
  | 'CHILD_FAILED'
  | 'NOT_BUILT'
  | 'BAD_INPUT';

/** Something the stack cannot do. The message is for the person at the terminal: what is wrong and the ways out. */
export class StackError extends Error {
  constructor(
    readonly code: StackErrorCode,
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}

/** A child that is not there: the message has the end of what it said, `output` all of it. */
export class ChildFailed extends StackError {
  constructor(
    message: string,
    readonly output: string
  ) {
    super('CHILD_FAILED', message);
  }
}

/** What went wrong, in one line, whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = hasField(error, 'message') ? String(error.message) : String(error);
  return text.split('\n', 1)[0] ?? text;
}

/** Whether this is the error that the system, or we, mark with `code`. */
export function hasCode(error: unknown, code: string): boolean {
  return hasField(error, 'code') && error.code === code;
}

function hasField<Name extends string>(error: unknown, name: Name): error is Record<Name, unknown> {
  return typeof error === 'object' && error !== null && name in error;
}
