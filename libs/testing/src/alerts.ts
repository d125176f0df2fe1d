import { afterAll, beforeAll, expect } from '@jest/globals';
import { ConsoleLogger, Logger, type LogLevel } from '@nestjs/common';

/** What has come into the log that nobody expected, in the order of its coming. */
export interface Alerts {
  readonly unexpected: readonly string[];
}

/** Prints everything but what is expected, and remembers all of it. */
export class ExpectingLogger extends ConsoleLogger implements Alerts {
  readonly unexpected: string[] = [];
  private readonly missing: Set<RegExp>;

  constructor(private readonly expected: readonly RegExp[]) {
    super({ logLevels: ['error', 'warn', 'fatal'] });
    this.missing = new Set(expected);
  }

  /** What was expected and has not come. */
  get unseen(): readonly RegExp[] {
    return [...this.missing];
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
  ): void {
    const rest = messages.filter((message) => !this.takes(`[${context ?? ''}] ${String(message)}`));
    if (rest.length > 0) super.printMessages(rest, context, level, stream, stack);
  }

  private takes(line: string): boolean {
    const found = this.expected.filter((pattern) => pattern.test(line));
    for (const pattern of found) this.missing.delete(pattern);
    if (found.length === 0) this.unexpected.push(line);
    return found.length > 0;
  }
}

/**
 * What the tests of this file, or of this `describe`, bring about on purpose: such lines of the log (`[context] text`) are
 * not printed, and each must come at least once. Every other line is printed as ever.
 */
export function expectAlerts(...expected: readonly RegExp[]): Alerts {
  const logger = new ExpectingLogger(expected);
  beforeAll(() => {
    Logger.overrideLogger(logger);
  });
  afterAll(() => {
    Logger.overrideLogger(new ConsoleLogger());
    expect(logger.unseen).toEqual([]);
  });
  return logger;
}
