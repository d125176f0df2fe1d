import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ExpectingLogger } from './alerts.js';

describe('alerts that a test expects', () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const parked = /^\[parked\] .*a bug of ours/;
  const alert = (context: string, line: string): void => {
    new Logger(context).error(line);
  };

  it('are not printed, and count as seen; any other is printed, and told', () => {
    const logger = new ExpectingLogger([parked, /^\[Server\] /]);
    Logger.overrideLogger(logger);
    alert('parked', 'TypeError: a bug of ours');
    expect(printed).toEqual([]);
    expect(logger.unseen).toEqual([/^\[Server\] /]);
    alert('Http', 'TypeError: a bug of ours');
    expect(printed.join('')).toContain('a bug of ours');
    expect(logger.unexpected).toEqual(['[Http] TypeError: a bug of ours']);
  });
});
