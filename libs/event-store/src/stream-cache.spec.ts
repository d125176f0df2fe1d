import { describe, expect, it } from '@jest/globals';
import { StreamCache } from './stream-cache.js';

describe('the cache of streams', () => {
  it('keeps no more streams than it may, and lets go of the least recently used', () => {
    const cache = new StreamCache<number>(2);
    cache.keep('a', 1);
    cache.keep('b', 2);
    cache.find('a');
    cache.keep('c', 3);
    expect([cache.find('a'), cache.find('b'), cache.find('c')]).toEqual([1, undefined, 3]);
  });

  it('takes a newer entry in place of an earlier one, and forgets when told to', () => {
    const cache = new StreamCache<number>(2);
    cache.keep('a', 1);
    cache.keep('a', 2);
    expect(cache.find('a')).toBe(2);
    cache.drop('a');
    expect(cache.find('a')).toBeUndefined();
  });
});
