import { describe, expect, it } from '@jest/globals';
import { Latencies, percentile, spreadOf } from './statistics.js';

describe('a percentile', () => {
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('of 1 to 100 at %d is %d', (share, value) => {
    const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(sorted, share)).toBe(value);
  });

  it('of one value is that value, of none is not a number', () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('a spread', () => {
  it('has the middle of an odd count and between the two middle ones of an even count', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
    expect(spreadOf([9, 1, 5, 6])).toEqual({ median: 5.5, min: 1, max: 9 });
  });
});

describe('latencies', () => {
  it('are told in their order, whatever the order they came in', () => {
    const latencies = new Latencies();
    for (let ms = 1_000; ms > 0; ms -= 1) latencies.add(ms);
    const figures = latencies.figures('lag').map(({ name, value }) => [name, value]);
    expect(figures).toEqual([
      ['lag p50', 500],
      ['lag p95', 950],
      ['lag p99', 990],
      ['lag max', 1_000],
    ]);
  });
});
