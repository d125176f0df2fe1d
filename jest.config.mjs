import { availableParallelism } from 'node:os';

const project = {
  runner: '<rootDir>/test/runner/runner.mjs',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
};

/** `npm test` runs all; `npm test -- --selectProjects unit` runs the specs without IO. */
export default {
  // Much of a spec's time is waiting for an engine, so that three share two cores well; Jest’s own choice there is one.
  maxWorkers: Math.max(3, availableParallelism()),
  // A project has no time limit of its own in Jest.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/skipped-reporter.mjs'],
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.(int|e2e)\\.spec\\.ts$'],
    },
    {
      ...project,
      displayName: 'integration',
      testMatch: ['**/*.int.spec.ts', '**/*.e2e.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/test/long/'],
      globalSetup: '<rootDir>/test/run-began.mjs',
      globalTeardown: '<rootDir>/test/run-ended.mjs',
    },
  ],
};
