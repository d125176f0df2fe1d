/** The process that owns this test run: Jest itself, also when a worker reads it (set by test/run-began.mjs). */
export const runPid = process.env['MANGNON_TEST_RUN'] ?? String(process.pid);

/** Whether the fault tests play all that they can, and the seed of what is drawn (set by scripts/test-faults.mjs). */
export const faults = {
  isLong: process.env['MANGNON_TEST_FAULTS'] === 'long',
  seed: process.env['MANGNON_TEST_SEED'],
} as const;

/** Whether nothing that a machine lacks may be passed over. */
export const inCi = process.env['CI'] === 'true';

/** Folders where programs are looked for. */
export const searchPath = process.env['PATH'] ?? '';

/** The EventStoreDB or KurrentDB server that tests are to run on, `esdb://…`; the protocol server where there is none. */
export const eventStoreUrl = process.env['EVENTSTORE_URL'];
