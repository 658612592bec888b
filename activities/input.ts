import { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';

/** What an activity was given cannot be read: not retried, since it will be the same again. */
export function badInput(expected: string, error: z.ZodError): ApplicationFailure {
  const issue = error.issues[0];
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  return ApplicationFailure.nonRetryable(`Expected ${expected}; ${where}${issue?.message}`, 'BAD_INPUT');
}
