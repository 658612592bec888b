import { connect } from '../../client/connection';

test('a server that is not there is said within seconds, with its address and what to do', async () => {
  const begun = Date.now();
  await expect(connect({ address: '127.0.0.1:1', taskQueue: 'q' })).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringMatching(/127\.0\.0\.1:1 .*launch up/),
  });
  expect(Date.now() - begun).toBeLessThan(8_000);
});

test('a profile that does not exist is a setting that cannot be used', async () => {
  const env = { TEMPORAL_PROFILE: 'nosuch', TEMPORAL_CONFIG_FILE: '/dev/null' };
  await expect(connect({ taskQueue: 'q' }, env)).rejects.toMatchObject({ code: 'BAD_CONFIG' });
});
