import { runCheck } from '../../../activities/checks/registry';
import { localAccess } from '../../support/access';
import { CHECK_TYPES } from '../../../plan/checks/registry';

const context = { access: localAccess(__dirname), env: () => undefined, now: Date.now };
const signal = AbortSignal.timeout(5_000);

test.each(['no-such-type', 'constructor', '__proto__', 'items'])('a check of type %s is errored', async (type) => {
  const result = await runCheck({ type }, { ...context, signal });
  expect(result).toMatchObject({ outcome: 'errored', seen: expect.stringContaining('cannot run a check of type') });
});

test('every type that a plan may hold has a run, save what the rules count themselves', async () => {
  for (const type of CHECK_TYPES.filter((name) => name !== 'items')) {
    const { seen } = await runCheck({ type }, { ...context, signal });
    expect(seen).toContain('This check cannot be run');
  }
});

test('a check that its schema does not know any more is errored, with the key', async () => {
  const check = { type: 'http', url: 'ftp://example.com', expect: { status: 200 } };
  expect(await runCheck(check, { ...context, signal })).toEqual({
    outcome: 'errored',
    seen: 'This check cannot be run: url: expected an http or https address. Amend the plan.',
  });
});

test('a run whose time is up before it begins is errored', async () => {
  const check = { type: 'files', glob: '**/*' };
  const result = await runCheck(check, { ...context, signal: AbortSignal.abort() });
  expect(result).toEqual({ outcome: 'errored', seen: expect.stringContaining('was up before it began') });
});
