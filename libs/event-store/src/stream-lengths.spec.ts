import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StreamLengths } from './stream-lengths.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('the lengths of streams', () => {
  it('count each stream by itself, in whatever order they come', () => {
    const streams = fc.array(fc.oneof(fc.constantFrom('fund-1', 'fund-2', ''), fc.string()));
    fc.assert(
      fc.property(streams, (names) => {
        const [lengths, expected] = [new StreamLengths(), new Map<string, number>()];
        for (const name of names) {
          const before = expected.get(name) ?? 0;
          expected.set(name, before + 1);
          if (lengths.count(name) !== before) return false;
        }
        return true;
      }),
    );
  });

  it('take at most 33 bytes for each of many streams, and forget none while they grow', () => {
    const count = 100_000;
    const before = held();
    const lengths = new StreamLengths();
    let wrong = 0;
    for (let n = 0; n < count; n += 1) if (lengths.count(`donation-${n}`) !== 0) wrong += 1;
    const taken = held() - before;
    for (let n = 0; n < count; n += 1) if (lengths.count(`donation-${n}`) !== 1) wrong += 1;
    expect(wrong).toBe(0);
    expect(taken).toBeLessThan(count * 33 + 500_000);
  });
});

/** Bytes of memory that something still holds. */
function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
