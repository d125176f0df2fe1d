/** Tells every worker which test run it belongs to; libs/testing keeps one PostgreSQL a run. */
export default function runBegan() {
  process.env.MANGNON_TEST_RUN = String(process.pid);
}
