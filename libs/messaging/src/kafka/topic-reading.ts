import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Consumer as KafkaConsumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { TopicCut } from '#kernel/topic-cut.js';
import { crashCause, groupIdOf, isKafkaError } from './kafka-client.js';

/** Takes records of one partition, in order. */
export type TakeRecords = (records: readonly KafkaMessage[], partition: number) => Promise<void>;

interface Asked {
  readonly ends: ReadonlyMap<number, bigint>;
  readonly take: TakeRecords;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** A fetch waits so long at the broker. */
const fetchWaitMs = 100;
/** One batch may take so long to be taken. */
const sessionTimeoutMs = 60_000;
/** A membership that breaks, as while a broker takes up its work, is tried again so often. */
const triesMax = 6;
const pauseMs = 250;

/**
 * Reads a topic from its first record, for itself: the client can only read as a member of a group, so this one is alone in
 * a group that commits nothing and is removed at the end.
 */
export class TopicReader {
  /** The next offset of each partition. */
  readonly #next = new Map<number, bigint>();
  readonly #admin: Admin;
  readonly #groupId: string;
  #consumer: KafkaConsumer | undefined;
  #joined: Promise<void> | undefined;
  #asked: Asked | undefined;
  /** What is being taken, or was last. */
  #taking: Promise<void> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
    service: string,
  ) {
    this.#admin = kafka.admin();
    this.#groupId = `${groupIdOf(service, topic)}.${randomUUID()}`;
  }

  /**
   * Hands over what follows the last call's, up to the end of each partition as it is now, or until the signal: then it
   * waits for what is being taken, and for no broker. Throws {@link TopicCut}, what `take` throws, and what the brokers
   * refuse again and again.
   */
  async readOn(take: TakeRecords, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const ends = await orStopped(this.#ends(), signal);
    for (let tries = 1; ends && !signal.aborted && !isReached(ends, this.#next); tries += 1)
      try {
        await this.#readUntil(signal, ends, take);
      } catch (cause) {
        if (!isKafkaError(cause) || tries === triesMax) throw cause;
        await orStopped(this.#leave(), signal);
        await orStopped(delay(tries * pauseMs), signal);
      }
  }

  /** Leaves no trace at the brokers. */
  async close(): Promise<void> {
    try {
      if (!this.#consumer) return;
      await this.#leave();
      // Where it may not, brokers forget a group by themselves that has committed nothing.
      await this.#admin.deleteGroups([this.#groupId]).catch(() => undefined);
    } finally {
      await this.#admin.disconnect();
    }
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    const joined = this.#joined;
    this.#consumer = undefined;
    this.#joined = undefined;
    await joined?.catch(() => undefined);
    await consumer?.disconnect();
  }

  /** Whoever takes fails or ends before this does, also after the signal: nobody else would hear of it. */
  async #readUntil(signal: AbortSignal, ends: ReadonlyMap<number, bigint>, take: TakeRecords): Promise<void> {
    this.#taking = undefined;
    try {
      await orStopped(this.#readTo(ends, take), signal);
    } finally {
      this.#asked = undefined;
      await this.#settled();
    }
  }

  async #settled(): Promise<void> {
    await this.#taking;
  }

  #readTo(ends: ReadonlyMap<number, bigint>, take: TakeRecords): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#asked = { ends, take, resolve, reject };
      this.#joined ??= this.#join();
      this.#joined.then(() => this.#consumer?.resume([{ topic: this.topic }])).catch(reject);
    });
  }

  async #ends(): Promise<ReadonlyMap<number, bigint>> {
    await this.#admin.connect();
    const all = await this.#admin.fetchTopicOffsets(this.topic);
    for (const { partition, low } of all)
      if (BigInt(low) > (this.#next.get(partition) ?? 0n))
        throw this.#cut(partition, this.#next.get(partition) ?? 0n, BigInt(low));
    return new Map(all.map(({ partition, high }) => [partition, BigInt(high)]));
  }

  async #join(): Promise<void> {
    const consumer = this.kafka.consumer({
      groupId: this.#groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { retries: 4, restartOnFailure: async () => false },
    });
    this.#consumer = consumer;
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#asked?.reject(crashCause(payload.error)));
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#batch(payload),
    });
    for (const [partition, next] of this.#next)
      consumer.seek({ topic: this.topic, partition, offset: String(next) });
  }

  async #batch(payload: EachBatchPayload): Promise<void> {
    const asked = this.#asked;
    if (!asked) {
      this.#consumer?.pause([{ topic: this.topic }]);
      return;
    }
    const { partition, messages } = payload.batch;
    try {
      this.#taking = this.#take(asked, partition, messages);
      await this.#taking;
      const last = messages.at(-1);
      if (last) payload.resolveOffset(last.offset);
      await payload.heartbeat();
      if (isReached(asked.ends, this.#next)) asked.resolve();
    } catch (cause) {
      asked.reject(cause);
    }
  }

  /**
   * What was taken may be fetched again. A topic has no holes, since nobody compacts it or sends within a transaction,
   * whose markers would take offsets that the client does not show; what a producer repeats takes none.
   */
  async #take({ take }: Asked, partition: number, messages: readonly KafkaMessage[]): Promise<void> {
    let next = this.#next.get(partition) ?? 0n;
    const fresh = messages.filter(({ offset }) => BigInt(offset) >= next);
    for (const { offset } of fresh) {
      if (BigInt(offset) !== next) throw this.#cut(partition, next, BigInt(offset));
      next += 1n;
    }
    if (fresh.length > 0) await take(fresh, partition);
    this.#next.set(partition, next);
  }

  #cut(partition: number, from: bigint, to: bigint): TopicCut {
    const gap = `from its offset ${String(from)} up to ${String(to)}`;
    return new TopicCut(this.topic, `partition ${String(partition)} does not hold what stood ${gap}`);
  }
}

/** What the work comes to, or undefined at the signal; then it ends unheard. */
async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const ended = new AbortController();
  const stopped = new Promise<undefined>((resolve) => {
    const stop = (): void => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    ended.abort();
  }
}

function isReached(ends: ReadonlyMap<number, bigint>, next: ReadonlyMap<number, bigint>): boolean {
  return [...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end);
}
