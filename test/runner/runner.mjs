import { fileURLToPath } from 'node:url';
import { createJestRunner } from 'create-jest-runner';

/**
 * Runs spec files in Node processes of their own that keep what they have loaded from one file to the next (ADR 22).
 * Never in Jest's own process, so that a spec is run alike alone and among others.
 */
export default class extends createJestRunner(fileURLToPath(new URL('run-file.mjs', import.meta.url))) {
  runTests(tests, watcher, onStart, onResult, onFailure, options) {
    return super.runTests(tests, watcher, onStart, onResult, onFailure, { ...options, serial: false });
  }
}
