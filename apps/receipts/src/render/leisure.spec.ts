import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Leisure } from './leisure.js';

const { signal } = new AbortController();

/** Keeps the event loop busy for so long, a few milliseconds at a time. */
async function busyFor(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const pause = performance.now() + 5;
    while (performance.now() < pause);
    await turn();
  }
}

describe('leisure', () => {
  it('is not found while the event loop is busy, but once in a second', async () => {
    const leisure = new Leisure(() => false);
    const busy = busyFor(2_000);
    const began = performance.now();
    await leisure.found(signal);
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(performance.now() - began).toBeLessThan(1_900);
    await busy;
  });

  it('is not found while something is owed, however long, and found afterwards', async () => {
    let isOwing = true;
    const leisure = new Leisure(() => isOwing);
    let isFound = false;
    const finding = leisure.found(signal).then(() => (isFound = true));
    await busyFor(1_200);
    expect(isFound).toBe(false);
    isOwing = false;
    await finding;
  });

  it('ends with what it was for', async () => {
    const stopping = new AbortController();
    const finding = new Leisure(() => true).found(stopping.signal);
    stopping.abort();
    await expect(finding).resolves.toBeUndefined();
  });
});
