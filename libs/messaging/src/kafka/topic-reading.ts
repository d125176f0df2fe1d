import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Consumer as KafkaConsumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { groupIdOf, isKafkaError } from './kafka-client.js';

/** The topic's first messages are gone, or some were lost meanwhile: whoever wants all of them cannot have them. */
export class TopicCut extends Error {
  override readonly name = 'TopicCut';

  constructor(topic: string, partition: number, offset: bigint) {
    super(
      `${topic}: partition ${String(partition)} does not hold what stood before its offset ${String(offset)}`,
    );
  }
}

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
  #asked: Asked | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly topic: string,
    service: string,
  ) {
    this.#admin = kafka.admin();
    this.#groupId = `${groupIdOf(service, topic)}.${randomUUID()}`;
  }

  /**
   * Hands over what follows the last call's, up to the end of each partition as it is now. Throws {@link TopicCut}, what
   * `take` throws, and what the brokers refuse again and again.
   */
  async readOn(take: TakeRecords): Promise<void> {
    await this.#admin.connect();
    const ends = await this.#ends();
    for (let tries = 1; !isReached(ends, this.#next); tries += 1)
      try {
        await this.#readTo(ends, take);
      } catch (cause) {
        if (!isKafkaError(cause) || tries === triesMax) throw cause;
        await this.#leave();
        await delay(tries * pauseMs);
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
    this.#consumer = undefined;
    await consumer?.disconnect();
  }

  #readTo(ends: ReadonlyMap<number, bigint>, take: TakeRecords): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#asked = { ends, take, resolve, reject };
      if (this.#consumer) this.#consumer.resume([{ topic: this.topic }]);
      else this.#join().catch(reject);
    }).finally(() => {
      this.#asked = undefined;
    });
  }

  async #ends(): Promise<ReadonlyMap<number, bigint>> {
    const all = await this.#admin.fetchTopicOffsets(this.topic);
    for (const { partition, low } of all)
      if (BigInt(low) > (this.#next.get(partition) ?? 0n))
        throw new TopicCut(this.topic, partition, BigInt(low));
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
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#asked?.reject(payload.error));
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
      const fresh = this.#fresh(partition, messages);
      if (fresh.length > 0) await asked.take(fresh, partition);
      const last = messages.at(-1);
      if (!last) return;
      this.#next.set(partition, BigInt(last.offset) + 1n);
      payload.resolveOffset(last.offset);
      await payload.heartbeat();
      if (isReached(asked.ends, this.#next)) asked.resolve();
    } catch (cause) {
      asked.reject(cause);
    }
  }

  /** A topic has no holes, and what was taken may be fetched again. */
  #fresh(partition: number, messages: readonly KafkaMessage[]): readonly KafkaMessage[] {
    const next = this.#next.get(partition) ?? 0n;
    const fresh = messages.filter(({ offset }) => BigInt(offset) >= next);
    const first = fresh[0];
    if (first && BigInt(first.offset) > next) throw new TopicCut(this.topic, partition, BigInt(first.offset));
    return fresh;
  }
}

function isReached(ends: ReadonlyMap<number, bigint>, next: ReadonlyMap<number, bigint>): boolean {
  return [...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end);
}
