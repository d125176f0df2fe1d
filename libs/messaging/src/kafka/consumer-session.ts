import type { Admin, Consumer as KafkaConsumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { Places, sleep } from '../key-lanes.js';
import type { ConsumeOptions } from '../messaging.js';
import { deadLetterTopic, type DeadLetter } from './dead-letters.js';
import { CutWatch } from './cut-watch.js';
import { crashCause, groupIdOf } from './kafka-client.js';
import { GroupCommits } from './group-commits.js';
import { KeyTurns } from './key-turns.js';
import { doubtsAt, OffsetCommits, passedAt, type OwnPartition } from './offset-commits.js';
import { PartitionReader } from './partition-reader.js';
import { StallWatch } from './stall-watch.js';
import type { StoreStanding } from './store-standing.js';
import { takingOf } from './taking.js';
import { isFinal } from './topic-mismatch.js';

/** How a member reads; every limit is set. */
export interface SessionOptions {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly joined: ConsumeOptions;
  readonly keysAtOnceMax: number;
  /** Messages of one partition read ahead of the lowest unhandled one. */
  readonly windowMessagesMax: number;
  readonly firstPauseMs: number;
  readonly sessionTimeoutMs: number;
  readonly stallMs: number;
  /** Commits; a test may have something happen around it. */
  readonly committing: (commit: () => Promise<void>) => Promise<void>;
  /** Throws `TopicMismatch` where the topic is not at the brokers as registered, and has not been for a while. */
  readonly assertTopic: () => Promise<void>;
  /** Of the store in which what is read is answered; commits note nothing of it where absent. */
  readonly standing?: StoreStanding | undefined;
  readonly putAside: (letter: DeadLetter) => Promise<void>;
  readonly onTrouble: (cause: unknown) => void;
}

/** A fetch waits so long at the broker; leaving waits for it. */
const fetchWaitMs = 250;
/** Leaving takes no longer, whatever became of the brokers: they notice by themselves. */
const leaveWithinMs = 5_000;

/** One membership of a group, from joining until it is stopped or breaks. */
export class ConsumerSession {
  private readonly own = new Map<string, OwnPartition>();
  /** Readers of partitions that are another's now, until what they handle has ended. */
  private readonly leaving = new Set<PartitionReader>();
  private readonly ending = new AbortController();
  private readonly consumer: KafkaConsumer;
  private readonly commits: OffsetCommits;
  private readonly group: GroupCommits;
  private readonly places: Places;
  /** A key that comes back to us, or was dead and is read again, may still be in the hands of another reader. */
  private readonly turns = new KeyTurns();
  private failure: { readonly cause: unknown } | undefined;

  constructor(
    private readonly options: SessionOptions,
    private readonly onJoined: () => void,
  ) {
    const { kafka, sessionTimeoutMs } = options;
    this.places = new Places(options.keysAtOnceMax);
    this.group = new GroupCommits(options.admin, this.groupId, options.standing);
    this.consumer = kafka.consumer({
      groupId: this.groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * 2,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 6),
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { retries: 4, restartOnFailure: async () => false },
    });
    this.commits = new OffsetCommits(
      { commitOffsets: (places) => options.committing(() => this.consumer.commitOffsets(places)) },
      () => this.own.values(),
      (cause) => this.fail(cause),
      async () => options.standing?.now(this.groupId),
    );
  }

  /** Reads until the signal is aborted; rejects with what broke it. Finishes what is being handled and commits it. */
  async run(signal: AbortSignal): Promise<void> {
    const { CRASH, GROUP_JOIN } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => this.fail(crashCause(payload.error)));
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

  private get groupId(): string {
    const { group, topic } = this.options.joined;
    return groupIdOf(group, topic);
  }

  private async read(): Promise<void> {
    const { admin, stallMs, joined } = this.options;
    await this.consumer.connect();
    const topics = [joined.topic, deadLetterTopic(joined.topic, joined.group)];
    await this.consumer.subscribe({ topics, fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.take(payload),
    });
    const watch = new StallWatch({ admin, stallMs, own: () => [...this.own.values()] });
    await Promise.race([watch.run(this.ending.signal), this.watchTopic(this.ending.signal)]);
  }

  /**
   * Partitions that are added while it reads would be found by nobody, and keys lie elsewhere with them; what is gone
   * would be missed.
   */
  private async watchTopic(signal: AbortSignal): Promise<void> {
    const { admin, stallMs, assertTopic } = this.options;
    const cuts = new CutWatch(admin, () => [...this.own.values()]);
    for (;;) {
      await sleep(stallMs / 5, signal);
      if (signal.aborted) return;
      await Promise.all([assertTopic(), cuts.look(), this.assertAnswered()]).catch((cause: unknown) => {
        // Brokers that do not answer prove nothing.
        if (isFinal(cause)) throw cause;
      });
    }
  }

  /** The messages of what is gone from the store would not come again. */
  private async assertAnswered(): Promise<void> {
    for (const { topic, partition } of this.own.values()) await this.group.standingOf(topic, partition);
  }

  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.ending.abort();
  }

  /** What is ours still goes on; what another has now begins nothing new, and is not committed by us any more. */
  private assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const ours = new Map(
      Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => [nameOf(topic, partition), { topic, partition }] as const),
      ),
    );
    for (const [name, { reader }] of this.own)
      if (!ours.has(name)) {
        this.own.delete(name);
        this.leaving.add(reader);
        void reader.leave().finally(() => this.leaving.delete(reader));
      }
    for (const [name, { topic, partition }] of ours)
      if (!this.own.has(name)) this.own.set(name, this.open(topic, partition));
    this.onJoined();
    this.commits.assigned();
  }

  private open(topic: string, partition: number): OwnPartition {
    const { joined, firstPauseMs, windowMessagesMax, putAside, onTrouble } = this.options;
    const { reading, handle } = takingOf(joined, topic, partition);
    const { batchMessagesMax = 500 } = joined;
    const reader = new PartitionReader({
      ...{ reading, batchMessagesMax, firstPauseMs, windowMessagesMax, putAside, places: this.places },
      signal: this.ending.signal,
      handle: (messages, ...told) => this.turns.take(messages[0]?.key ?? '', () => handle(messages, ...told)),
      onFailure: (_key, cause) => onTrouble(cause),
      onHandled: () => this.commits.soon(),
    });
    return { topic, partition, reader, from: () => this.group.offsetOf(topic, partition) };
  }

  private async take(payload: EachBatchPayload): Promise<void> {
    for (const record of payload.batch.messages) if (!(await this.takeRecord(payload, record))) return;
  }

  /** Whether it was taken, and more may be. */
  private async takeRecord(payload: EachBatchPayload, record: KafkaMessage): Promise<boolean> {
    const { topic, partition } = payload.batch;
    const reader = this.readerOf(topic, partition);
    if (reader?.isBeyond(record) && !(await this.begin(reader, payload.batch, record))) return false;
    if (!reader || reader !== this.readerOf(topic, partition) || !this.isOpen(payload)) return false;
    if (reader.isFull) {
      this.wait(topic, partition, reader);
      return false;
    }
    reader.take(record);
    payload.resolveOffset(record.offset);
    return true;
  }

  /** Whether it may: where the store was restored from before the group's commit, the membership ends. */
  private async begin(
    reader: PartitionReader,
    { topic, partition }: EachBatchPayload['batch'],
    { offset }: KafkaMessage,
  ): Promise<boolean> {
    try {
      const commit = await this.group.standingOf(topic, partition);
      reader.begin(passedAt(commit, offset), doubtsAt(commit, offset));
      return true;
    } catch (cause) {
      this.fail(cause);
      return false;
    }
  }

  private isOpen(payload: EachBatchPayload): boolean {
    return !this.ending.signal.aborted && !payload.isStale() && payload.isRunning();
  }

  private readerOf(topic: string, partition: number): PartitionReader | undefined {
    return this.own.get(nameOf(topic, partition))?.reader;
  }

  /** Fetches no more of the partition until half of what waits is handled; the group is told meanwhile that we live. */
  private wait(topic: string, partition: number, reader: PartitionReader): void {
    const partitions = [{ topic, partitions: [partition] }];
    this.consumer.pause(partitions);
    void reader.hasRoom().then(() => {
      if (!this.ending.signal.aborted) this.consumer.resume(partitions);
    });
  }

  private async leave(): Promise<void> {
    this.ending.abort();
    const readers = [...[...this.own.values()].map(({ reader }) => reader), ...this.leaving];
    await Promise.all(readers.map((reader) => reader.leave()));
    await this.commits.end();
    const end = this.end().catch((cause: unknown) => this.options.onTrouble(cause));
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, leaveWithinMs).unref())]);
  }

  private async end(): Promise<void> {
    try {
      if (!this.failure) await this.commits.commit();
    } finally {
      await this.consumer.disconnect();
    }
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}:${String(partition)}`;
}
