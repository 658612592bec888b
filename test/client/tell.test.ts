import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { refusalIn } from '../../client/errors';
import { updateIdOf, withKey } from '../../client/tell';

const said = { type: 'comment', by: 'ana', text: 'x' } as const;

test('the same key with the same content is the same update, in whatever order it is written', () => {
  const one = updateIdOf({ ...said, key: 'k' });
  expect(updateIdOf({ text: 'x', key: 'k', by: 'ana', type: 'comment' })).toBe(one);
  expect(updateIdOf({ ...said, key: 'k', text: 'y' })).not.toBe(one);
  expect(updateIdOf({ ...said, key: 'l' })).not.toBe(one);
});

test('without a key each message is new, with one it keeps it', () => {
  expect(withKey(said).key).not.toBe(withKey(said).key);
  expect(withKey({ ...said, key: 'k' }).key).toBe('k');
});

test('an update id stays short enough for Temporal, whatever the key', () => {
  expect(updateIdOf({ ...said, key: 'k'.repeat(4_000) }).length).toBeLessThan(300);
});

test('a refusal keeps its code and its sentence', () => {
  const cause = ApplicationFailure.nonRetryable('not for dev', 'NOT_ALLOWED');
  expect(refusalIn(new WorkflowUpdateFailedError('failed', cause))).toMatchObject({
    code: 'NOT_ALLOWED',
    message: 'not for dev',
  });
});

test('a failure that is no refusal is not passed off as one', () => {
  const cause = ApplicationFailure.nonRetryable('boom', 'SomethingElse');
  expect(refusalIn(new WorkflowUpdateFailedError('failed', cause))?.code).toBe('FAILED');
  expect(refusalIn(new Error('other'))).toBeUndefined();
});
