import { describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import { ConsumerStalled, StallWatch } from './stall-watch.js';
import type { PartitionReader } from './partition-reader.js';

/** Something waits in the only partition and nothing is ever fetched; `looks` counts how often it was looked at. */
function rig(reader: { readonly isFull: boolean; readonly isPaused: boolean }) {
  let looks = 0;
  const ending = new AbortController();
  const counted = {
    reached: 3n,
    isPaused: reader.isPaused,
    get isFull(): boolean {
      looks += 1;
      if (looks === 20) ending.abort();
      return reader.isFull;
    },
  } as unknown as PartitionReader;
  const admin = {
    fetchTopicOffsets: async () => [{ partition: 0, high: '9' }],
  } as unknown as Admin;
  const one = { topic: 't', partition: 0, reader: counted, from: async () => 0n };
  return new StallWatch({ admin, stallMs: 10, own: () => [one] }).run(ending.signal);
}

describe('the watch over partitions that are not fetched', () => {
  it('says that one has stalled which has room and is not fetched', async () => {
    await expect(rig({ isFull: false, isPaused: false })).rejects.toThrow(ConsumerStalled);
  });

  it('lets one be that is paused until half of its window is handled, though it is not full any more', async () => {
    await expect(rig({ isFull: false, isPaused: true })).resolves.toBeUndefined();
  });

  it('lets one be that is full', async () => {
    await expect(rig({ isFull: true, isPaused: false })).resolves.toBeUndefined();
  });
});
