/** Ends a run with the name of every test that was skipped, so that nobody takes silence for a pass. */
export default class SkippedReporter {
  #isPart;

  constructor({ testNamePattern }) {
    this.#isPart = Boolean(testNamePattern);
  }

  onRunComplete(_contexts, { testResults }) {
    // Whoever asks for some tests by name knows that the others were passed over.
    if (this.#isPart) return;
    for (const line of skippedIn(testResults)) process.stderr.write(`${line}\n`);
  }
}

/** A line for each skipped test. */
export function skippedIn(testResults) {
  return testResults.flatMap((file) =>
    file.testResults
      .filter(({ status }) => status === 'pending')
      .map(({ fullName }) => `skipped: ${fullName}`),
  );
}
