import { tmpdir } from 'node:os';
import usual from './jest.config.mjs';

const [, integration] = usual.projects;
// What is measured is measured on a disk.
process.env.TMPDIR ??= tmpdir();

/** `npm run test:long`: the tests that take minutes each; `npm test` leaves them out. One at a time, since they measure. */
export default {
  ...usual,
  maxWorkers: 1,
  projects: [
    {
      ...integration,
      displayName: 'long',
      testMatch: ['<rootDir>/test/long/**/*.spec.ts'],
      testPathIgnorePatterns: [],
    },
  ],
};
