import '../typescript.mjs';
import { pathToFileURL } from 'node:url';
import { jestExpect } from '@jest/expect';
import { createEmptyTestResult } from '@jest/test-result';
import { getState, resetState, run } from 'jest-circus';
import { formatResultsErrors } from 'jest-message-util';
import { restore } from './globals.mjs';

process.setSourceMapsEnabled(true);
let files = 0;

/** Runs the tests of one spec file and tells how each ended; an error outside of its tests fails the file. */
export default async function runFile({ config, globalConfig, testPath }) {
  const start = Date.now();
  resetState();
  const state = getState();
  state.testTimeout = globalConfig.testTimeout ?? state.testTimeout;
  if (globalConfig.testNamePattern) state.testNamePattern = new RegExp(globalConfig.testNamePattern, 'i');
  jestExpect.setState({ testPath, expand: globalConfig.expand });
  const ends = [takeStrays(state), keepPlace(), restore];
  try {
    // The spec alone is evaluated anew; what it imports stays loaded from one file to the next.
    await import(`${pathToFileURL(testPath).href}?file=${String((files += 1))}`);
    const { testResults, unhandledErrors } = await run();
    return toResult({ tests: testResults.map(told), unhandledErrors, start, config, globalConfig, testPath });
  } finally {
    for (const end of ends) end();
  }
}

/** An error that nobody awaits fails the test that runs, or else the file. Gives back what ends this. */
function takeStrays(state) {
  const stray = (error) => {
    const errors = state.currentlyRunningTest?.errors ?? state.unhandledErrors;
    errors.push(error instanceof Error ? error : new Error(String(error)));
  };
  const kinds = ['uncaughtException', 'unhandledRejection'];
  const before = kinds.map((kind) => process.rawListeners(kind));
  for (const kind of kinds) process.removeAllListeners(kind).on(kind, stray);
  return () => {
    for (const [at, kind] of kinds.entries()) {
      process.removeAllListeners(kind);
      for (const listener of before[at]) process.on(kind, listener);
    }
  };
}

/** The working directory and the environment are of the process: gives back what puts them as they were. */
function keepPlace() {
  const folder = process.cwd();
  const environment = { ...process.env };
  return () => {
    process.chdir(folder);
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
  };
}

const statusOf = ({ status, errors }) => {
  if (status === 'skip') return 'pending';
  if (status === 'todo') return 'todo';
  return errors.length > 0 ? 'failed' : 'passed';
};

function told(test) {
  const [, ...titles] = test.testPath;
  return {
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1),
    fullName: titles.join(' '),
    status: statusOf(test),
    duration: test.duration,
    startAt: test.startedAt,
    failureDetails: test.errorsDetailed,
    failureMessages: test.errors,
    failing: test.failing,
    invocations: test.invocations,
    location: null,
    numPassingAsserts: test.numPassingAsserts,
    retryReasons: [],
  };
}

function toResult({ tests, unhandledErrors, start, config, globalConfig, testPath }) {
  const count = (wanted) => tests.filter(({ status }) => status === wanted).length;
  const end = Date.now();
  const strays = unhandledErrors.map((error) => String(error?.stack ?? error));
  const failures = [formatResultsErrors(tests, config, globalConfig, testPath), ...strays].filter(Boolean);
  return {
    ...createEmptyTestResult(),
    displayName: config.displayName,
    failureMessage: failures.length > 0 ? failures.join('\n\n') : null,
    numFailingTests: count('failed'),
    numPassingTests: count('passed'),
    numPendingTests: count('pending'),
    numTodoTests: count('todo'),
    perfStats: {
      start,
      end,
      runtime: end - start,
      loadTestEnvironmentStart: 0,
      loadTestEnvironmentEnd: 0,
      setupFilesStart: 0,
      setupFilesEnd: 0,
      setupAfterEnvStart: 0,
      setupAfterEnvEnd: 0,
      slow: false,
    },
    testExecError: strays.length > 0 ? { message: '', stack: strays.join('\n') } : undefined,
    testFilePath: testPath,
    testResults: tests,
  };
}
