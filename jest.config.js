import { availableParallelism } from 'node:os';

/** Native ESM, TypeScript through swc with the same decorator settings as tsconfig.json. */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/build-program.js',
  // Suites start processes and browsers, and machines are busy; no test measures time by this.
  testTimeout: 30_000,
  // Jest leaves one core to itself, which of two is half the speed.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Modules of finished suites stay in a worker's memory.
  workerIdleMemoryLimit: '1500MB',
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
