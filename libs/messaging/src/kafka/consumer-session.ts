import type { Consumer as KafkaConsumer, EachBatchPayload, Kafka } from 'kafkajs';
import { Places } from '../key-lanes.js';
import type { ConsumeOptions } from '../messaging.js';
import { groupIdOf, kafkaErrorType } from './kafka-client.js';
import type { DeadLetter } from './dead-letters.js';
import { PartitionReader } from './partition-reader.js';

/** How a member reads; every limit is set. */
export interface SessionOptions {
  readonly kafka: Kafka;
  readonly joined: ConsumeOptions;
  readonly keysAtOnceMax: number;
  /** Messages of one partition read ahead of the lowest unhandled one. */
  readonly windowMessagesMax: number;
  readonly firstPauseMs: number;
  readonly sessionTimeoutMs: number;
  readonly putAside: (letter: DeadLetter) => Promise<void>;
  readonly onTrouble: (cause: unknown) => void;
}

/** A commit that fails with one of these is overtaken: after the next assignment the place is committed anew. */
const overtaken = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);
/** A fetch waits so long at the broker; leaving waits for it. */
const fetchWaitMs = 250;
/** Leaving takes no longer, whatever became of the brokers: they notice by themselves. */
const leaveWithinMs = 5_000;

/** One membership of a group, from joining until it is stopped or breaks. */
export class ConsumerSession {
  private readonly readers = new Map<number, PartitionReader>();
  /** Readers of partitions that are another's now, until what they handle has ended. */
  private readonly leaving = new Set<PartitionReader>();
  private readonly committed = new Map<number, bigint>();
  private readonly ending = new AbortController();
  private readonly consumer: KafkaConsumer;
  private readonly places: Places;
  private committing: Promise<void> | undefined;
  private isDirty = false;
  private failure: { readonly cause: unknown } | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly onJoined: () => void,
  ) {
    const { kafka, joined, sessionTimeoutMs } = options;
    this.places = new Places(options.keysAtOnceMax);
    this.consumer = kafka.consumer({
      groupId: groupIdOf(joined.group, joined.topic),
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * 2,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 6),
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { retries: 4, restartOnFailure: async () => false },
    });
  }

  /** Reads until the signal is aborted; rejects with what broke it. Finishes what is being handled and commits it. */
  async run(signal: AbortSignal): Promise<void> {
    const { CRASH, GROUP_JOIN } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => this.fail(payload.error));
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.assign(payload.memberAssignment));
    const end = (): void => this.ending.abort();
    signal.addEventListener('abort', end, { once: true });
    try {
      if (!signal.aborted) await this.read();
    } catch (cause) {
      this.fail(cause);
    } finally {
      signal.removeEventListener('abort', end);
      await this.leave();
    }
    if (this.failure) throw this.failure.cause;
  }

  private async read(): Promise<void> {
    const { topic } = this.options.joined;
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [topic], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => this.take(payload),
    });
    const { signal } = this.ending;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }

  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.ending.abort();
  }

  /** What is ours still goes on; what another has now begins nothing new, and is not committed by us any more. */
  private assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const { topic } = this.options.joined;
    const ours = new Set(assignment[topic]);
    for (const [partition, reader] of this.readers)
      if (!ours.has(partition)) {
        this.readers.delete(partition);
        this.committed.delete(partition);
        this.leaving.add(reader);
        void reader.leave().finally(() => this.leaving.delete(reader));
      }
    for (const partition of ours) if (!this.readers.has(partition)) this.open(partition);
    this.onJoined();
    this.commitSoon();
  }

  private open(partition: number): void {
    const { joined, firstPauseMs, windowMessagesMax, putAside, onTrouble } = this.options;
    const { topic, handle, types, batchMessagesMax = 500 } = joined;
    const before = [...this.leaving].map((reader) => reader.leave());
    const reader = new PartitionReader({
      topic,
      partition,
      types,
      batchMessagesMax,
      firstPauseMs,
      windowMessagesMax,
      putAside,
      places: this.places,
      signal: this.ending.signal,
      // A key that came back to us may still be in the hands of the reader that had it before.
      handle:
        before.length === 0
          ? handle
          : async (messages) => {
              await Promise.all(before);
              await handle(messages);
            },
      onFailure: (_key, cause) => onTrouble(cause),
      onHandled: () => this.commitSoon(),
    });
    this.readers.set(partition, reader);
  }

  private take(payload: EachBatchPayload): void {
    const { topic, partition, messages } = payload.batch;
    const reader = this.readers.get(partition);
    for (const record of messages) {
      if (!reader || this.ending.signal.aborted || payload.isStale() || !payload.isRunning()) return;
      if (reader.isFull) {
        this.wait(topic, partition, reader);
        return;
      }
      reader.take(record);
      payload.resolveOffset(record.offset);
    }
  }

  /** Fetches no more of the partition until half of what waits is handled; the group is told meanwhile that we live. */
  private wait(topic: string, partition: number, reader: PartitionReader): void {
    const partitions = [{ topic, partitions: [partition] }];
    this.consumer.pause(partitions);
    void reader.hasRoom().then(() => {
      if (!this.ending.signal.aborted) this.consumer.resume(partitions);
    });
  }

  private commitSoon(): void {
    this.isDirty = true;
    this.committing ??= this.commitAll().finally(() => (this.committing = undefined));
  }

  private async commitAll(): Promise<void> {
    await Promise.resolve();
    while (this.isDirty && !this.failure) {
      this.isDirty = false;
      try {
        await this.commit();
      } catch (cause) {
        if (!overtaken.has(kafkaErrorType(cause) ?? '')) this.fail(cause);
        return;
      }
    }
  }

  private async commit(): Promise<void> {
    const { topic } = this.options.joined;
    const moved = [...this.readers].flatMap(([partition, { handled }]) =>
      handled !== undefined && handled !== this.committed.get(partition)
        ? [{ partition, offset: handled }]
        : [],
    );
    if (moved.length === 0) return;
    await this.consumer.commitOffsets(
      moved.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    );
    for (const { partition, offset } of moved)
      if (this.readers.has(partition)) this.committed.set(partition, offset);
  }

  private async leave(): Promise<void> {
    this.ending.abort();
    const readers = [...this.readers.values(), ...this.leaving];
    await Promise.all(readers.map((reader) => reader.leave()));
    await this.committing;
    const end = this.end().catch((cause: unknown) => this.options.onTrouble(cause));
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, leaveWithinMs).unref())]);
  }

  private async end(): Promise<void> {
    try {
      if (!this.failure) await this.commit();
    } finally {
      await this.consumer.disconnect();
    }
  }
}
