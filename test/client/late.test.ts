import { ServiceError } from '@temporalio/client';
import { isLate, isUnavailable } from '../../client/errors';

/** As the SDK wraps what gRPC throws. */
function thrown(code: number, details: string): ServiceError {
  const cause = Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} });
  return new ServiceError('Failed to get Workflow execution history', { cause });
}

test.each([
  ['our deadline', 4, 'Deadline exceeded after 15s'],
  ['the deadline as the server saw it', 4, 'context deadline exceeded'],
  ["the server's own wait, ended a moment before", 1, 'context canceled'],
  ['the same by another code', 2, 'history: context deadline exceeded'],
])('late is %s', (_, code, details) => {
  expect([isLate(thrown(code, details)), isUnavailable(thrown(code, details))]).toEqual([true, false]);
});

test.each([
  ['a server that is away', 14, 'connection refused'],
  ['a question that makes no sense', 3, 'invalid argument'],
  ['a server that fails', 13, 'internal'],
])('%s is not', (_, code, details) => {
  expect(isLate(thrown(code, details))).toBe(false);
});
