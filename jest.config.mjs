import { availableParallelism } from 'node:os';

const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
      module: { type: 'es6' },
    },
  ],
};
const project = {
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  moduleNameMapper: {
    '^#apps/(.+)\\.js$': '<rootDir>/apps/$1.ts',
    '^#(kernel|domain|contracts|event-store|messaging|postgres|read-models|vault|platform|testing)/(.+)\\.js$':
      '<rootDir>/libs/$1/src/$2.ts',
    // A worker thread is started by Node, which cannot read our sources as Jest does.
    '^\\./start-pdf-worker\\.js$': '<rootDir>/libs/testing/src/start-pdf-worker.ts',
    '^\\./start-workbook-worker\\.js$': '<rootDir>/libs/testing/src/start-workbook-worker.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testEnvironment: 'node',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
};

/** `npm test` runs all; `npm test -- --selectProjects unit` runs the specs without IO. */
export default {
  // Much of a spec's time is waiting for an engine, so that two share a core well; Jest's own choice on two cores is one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
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
