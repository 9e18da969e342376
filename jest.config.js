export default {
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
  testRunner: '<rootDir>/test/harness/spec-runner.ts',
  testSequencer: '<rootDir>/test/harness/waiting-first.cjs',
  testMatch: ['<rootDir>/{apps,workflows,activities,libs,config,test,bench}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.perennial/'],
  // Node compiles what it loads (test/harness/load-sources.cjs).
  transform: {},
  // By this --onlyChanged and --findRelatedTests follow our imports.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: 2,
  // Beyond this a worker is replaced. Once it is set, there is always one: specs never run beside the servers of Jest's main process.
  workerIdleMemoryLimit: '2GB',
  // So that a promise which a spec leaves to reject fails that spec.
  waitForUnhandledRejections: true,
  testTimeout: 60_000,
};
