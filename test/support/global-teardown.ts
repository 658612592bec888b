import './global-setup';

module.exports = async function tearDown(): Promise<void> {
  await globalThis.launchTestPostgres?.stop();
};
