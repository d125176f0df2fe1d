/** Some variables of the environment are wrong; `faults` says of each which one and why, a line each. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** Runs every check and throws one {@link ConfigRefused} with the faults of all; other errors are thrown as they are. */
export function checkAll(checks: readonly (() => void)[]): void {
  const faults = checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof ConfigRefused) return error.faults;
      throw error;
    }
  });
  if (faults.length > 0) throw new ConfigRefused(faults);
}
