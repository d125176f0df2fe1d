import type { Admin } from 'kafkajs';
import { sleep } from '../key-lanes.js';
import type { OwnPartition } from './offset-commits.js';

/** Messages wait in a partition of ours, and for so long none of them was fetched: the membership begins anew. */
export class ConsumerStalled extends Error {
  override readonly name = 'ConsumerStalled';
}

/** What a {@link StallWatch} looks at. */
export interface StallOptions {
  readonly admin: Admin;
  readonly own: () => readonly OwnPartition[];
  /** So long may nothing be fetched although something waits, in milliseconds. */
  readonly stallMs: number;
}

/**
 * Notices a partition that is held and not fetched, which the client may come to after a rebalance and tells nobody of.
 * A reader that takes no more because its handling is slow or fails is not stalled.
 */
export class StallWatch {
  private readonly seen = new WeakMap<
    OwnPartition['reader'],
    { reached: bigint | undefined; sinceMs: number }
  >();

  constructor(private readonly options: StallOptions) {}

  /** Looks on until the signal is aborted; rejects with {@link ConsumerStalled}. A broker that does not answer proves nothing. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.options.stallMs / 5, signal);
      if (signal.aborted) return;
      const still = this.standingStill();
      const topics = new Set(still.map(({ topic }) => topic));
      for (const topic of topics) await this.look(topic, still).catch(ignoreUnlessStalled);
    }
  }

  /** Those that have fetched nothing for too long and could have. */
  private standingStill(): readonly OwnPartition[] {
    const nowMs = performance.now();
    return this.options.own().filter(({ reader }) => {
      const before = this.seen.get(reader);
      if (before && before.reached === reader.reached && !reader.isFull && !reader.isPaused)
        return nowMs - before.sinceMs >= this.options.stallMs;
      this.seen.set(reader, { reached: reader.reached, sinceMs: nowMs });
      return false;
    });
  }

  private async look(topic: string, still: readonly OwnPartition[]): Promise<void> {
    const ends = new Map<number, bigint>();
    for (const { partition, high } of await this.options.admin.fetchTopicOffsets(topic))
      ends.set(partition, BigInt(high));
    for (const one of still)
      if (one.topic === topic && (ends.get(one.partition) ?? 0n) > (await this.positionOf(one)))
        throw new ConsumerStalled(`partition ${String(one.partition)} of ${topic} is not fetched`);
  }

  private async positionOf({ reader, from }: OwnPartition): Promise<bigint> {
    return reader.reached ?? (await from());
  }
}

function ignoreUnlessStalled(cause: unknown): void {
  if (cause instanceof ConsumerStalled) throw cause;
}
