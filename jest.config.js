/** Native ESM, TypeScript through swc with the same decorator settings as tsconfig.json. */
export default {
  testEnvironment: 'node',
  // Suites start processes and browsers, and machines are busy; no test measures time by this.
  testTimeout: 30_000,
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
