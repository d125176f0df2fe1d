import { describe, expect, it } from '@jest/globals';
import { atLeast, atMost, flat } from './rules.js';

const slack = { unit: 'MB', factor: 1.1, beside: 5 };

describe('a rule of the bench', () => {
  it('is broken by a figure above its limit, by one below its floor, and by one that is not there', () => {
    expect(atMost('answers', 80, 80, 'ms').broken).toEqual([]);
    expect(atMost('answers', 81, 80, 'ms').broken).toEqual(['81.0 ms, not 80.0 at most']);
    expect(atMost('answers', NaN, 80, 'ms').broken).toHaveLength(1);
    expect(atLeast('rate', 90, 90, '/s').broken).toEqual([]);
    expect(atLeast('rate', 89, 90, '/s').broken).toEqual(['89.0 /s, not 90.0 at least']);
    expect(atLeast('rate', NaN, 90, '/s').broken).toHaveLength(1);
  });

  it('takes what swings for flat, and what rises over the whole time for not', () => {
    expect(flat('heap', [100, 140, 90, 130, 95, 135, 100, 138, 96], slack).broken).toEqual([]);
    expect(flat('heap', [100, 110, 120, 130, 140, 150], slack).broken).toEqual([
      '145.0 MB, not 120.5 at most',
    ]);
    expect(flat('heap', [], slack).broken).toHaveLength(1);
  });
});
