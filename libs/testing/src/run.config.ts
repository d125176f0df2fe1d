/** The process that owns this test run: Jest itself, also when a worker reads it (set by test/run-began.mjs). */
export const runPid = process.env['MANGNON_TEST_RUN'] ?? String(process.pid);
