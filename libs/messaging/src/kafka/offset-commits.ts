import type { Consumer as KafkaConsumer } from 'kafkajs';
import { kafkaErrorType } from './kafka-client.js';
import type { PartitionReader } from './partition-reader.js';

/** A partition of one of the topics that a member reads. */
export interface OwnPartition {
  readonly topic: string;
  readonly partition: number;
  readonly reader: PartitionReader;
  /** Offset at which the group begins there, by its last commit. */
  readonly from: () => Promise<bigint>;
}

/** A commit that fails with one of these is overtaken: after the next assignment the place is committed anew. */
const overtaken = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/** Commits how far the partitions of a member are handled, one commit at a time. */
export class OffsetCommits {
  private readonly committed = new WeakMap<PartitionReader, bigint>();
  private committing: Promise<void> | undefined;
  private isDirty = false;
  private isOver = false;

  constructor(
    private readonly consumer: KafkaConsumer,
    private readonly own: () => Iterable<OwnPartition>,
    private readonly onFailure: (cause: unknown) => void,
  ) {}

  /** Commits in a moment, or once more behind the commit under way. */
  soon(): void {
    this.isDirty = true;
    if (!this.isOver) this.committing ??= this.commitAll();
  }

  /** Waits for the commit under way; nothing is committed afterwards but by {@link commit}. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.committing;
  }

  /** Commits what was handled since the last commit; rejects where the brokers refuse it. */
  async commit(): Promise<void> {
    const moved = [...this.own()].flatMap(({ topic, partition, reader }) => {
      const { handled } = reader;
      const isMoved = handled !== undefined && handled !== this.committed.get(reader);
      return isMoved ? [{ reader, handled, place: { topic, partition, offset: String(handled) } }] : [];
    });
    if (moved.length === 0) return;
    await this.consumer.commitOffsets(moved.map(({ place }) => place));
    for (const { reader, handled } of moved) this.committed.set(reader, handled);
  }

  private async commitAll(): Promise<void> {
    await Promise.resolve();
    while (this.isDirty && !this.isOver) {
      this.isDirty = false;
      try {
        await this.commit();
      } catch (cause) {
        if (!overtaken.has(kafkaErrorType(cause) ?? '')) this.onFailure(cause);
        break;
      }
    }
    // In the same turn as the last look: whoever comes later begins anew.
    this.committing = undefined;
  }
}
