import { describe, expect, it } from '@jest/globals';
import { localDate } from './dates.js';
import { dayAfter, dayBefore } from './neighbouring-days.js';

describe('neighbouring days', () => {
  it.each([
    ['2024-02-28', '2024-02-29'],
    ['2024-12-31', '2025-01-01'],
    ['2100-02-28', '2100-03-01'],
  ])('%s is followed by %s, and the other way round', (day, next) => {
    expect(dayAfter(localDate(day))).toBe(next);
    expect(dayBefore(localDate(next))).toBe(day);
  });

  it('end where dates end', () => {
    expect(() => dayAfter(localDate('9999-12-31'))).toThrow('not a date');
    expect(() => dayBefore(localDate('0000-01-01'))).toThrow('not a date');
  });
});
