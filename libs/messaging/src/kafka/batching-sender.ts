import {
  Partitioners,
  type ICustomPartitioner,
  type Kafka,
  type Message as KafkaMessage,
  type Producer,
  type RecordMetadata,
} from 'kafkajs';
import type { TopicDeclaration } from '#kernel/topic.js';
import { assertPartitions } from './topic-mismatch.js';

/** One message on its way to a topic. */
export interface Outgoing {
  readonly key: string | null;
  readonly value: string | Buffer;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The client says that it has sent what it has not: for some partitions no broker has answered. */
export class SendIncomplete extends Error {
  override readonly name = 'SendIncomplete';
}

/** So many bytes of a topic go in one call: what is for one partition must stay below the topic's largest batch. */
const callBytesMax = 920_000;
/** What a record takes beside its value, about. */
const recordBytes = 100;

interface Waiting {
  readonly topic: string;
  /** What is still to be sent of it. */
  left: readonly KafkaMessage[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The one sender of a process: an idempotent producer with one send in flight. What is given while a send is under way
 * goes together in the next one, as far as a call takes it. After a failure it begins anew with another producer. Where a partition's leader moves
 * during a send, the client (2.2.4) may leave that partition out and call the send a success: so the answers are held
 * against the partitions that the messages were for.
 */
export class BatchingSender {
  private waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;
  private producer: Producer | undefined;
  /** Partitions that the messages of the send under way are for. */
  private readonly targets = new Set<string>();

  /** What goes to one of the registered topics is sent only while the topic has its partitions. */
  constructor(
    private readonly kafka: Kafka,
    private readonly registered: readonly TopicDeclaration[] = [],
  ) {}

  /**
   * Resolves once every in-sync replica has the messages, in this order. Where it rejects, some may have been written:
   * whoever sends them again only doubles them. Rejects with `TopicMismatch`, nothing written, where the topic has other
   * partitions than it was made with: keys would lie elsewhere.
   */
  send(topic: string, messages: readonly Outgoing[]): Promise<void> {
    if (messages.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.waiting.push({ topic, left: messages.map(recordOf), resolve, reject });
      this.sending ??= this.sendAll();
    });
  }

  /** Waits for what is under way and lets go of the connection. */
  async close(): Promise<void> {
    await this.sending;
    await this.letGo();
  }

  private async sendAll(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const parts = cut(this.waiting);
      try {
        await this.call(parts);
        for (const part of parts) sent(part);
      } catch (cause) {
        await this.letGo();
        for (const part of parts) failed(part, cause);
      }
      this.waiting = this.waiting.filter(({ left }) => left.length > 0);
    }
    // In the same turn as the last look: whoever comes later begins anew.
    this.sending = undefined;
  }

  private async call(parts: readonly Part[]): Promise<void> {
    this.targets.clear();
    const producer = (this.producer ??= await this.connect());
    const topicMessages = parts.map(({ of: { topic }, messages }) => ({ topic, messages: [...messages] }));
    this.assertComplete(await producer.sendBatch({ acks: -1, topicMessages }));
  }

  private assertComplete(answers: readonly RecordMetadata[]): void {
    const answered = new Set(answers.map(({ topicName, partition }) => nameOf(topicName, partition)));
    const left = [...this.targets].filter((target) => !answered.has(target));
    if (left.length > 0) throw new SendIncomplete(`nobody has answered for ${left.join(', ')}`);
  }

  /** Kafka's own choice by the key, remembered. */
  private readonly partitioner: ICustomPartitioner = () => {
    const choose = Partitioners.DefaultPartitioner();
    return (given) => {
      const topic = this.registered.find(({ name }) => name === given.topic);
      if (topic) assertPartitions(topic, given.partitionMetadata.length);
      const partition = choose(given);
      this.targets.add(nameOf(given.topic, partition));
      return partition;
    };
  };

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: this.partitioner,
      retry: { retries: 4 },
    });
    try {
      await producer.connect();
      return producer;
    } catch (cause) {
      // Half a connection is one, too.
      await producer.disconnect().catch(() => undefined);
      throw cause;
    }
  }

  private async letGo(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

interface Part {
  readonly of: Waiting;
  readonly messages: readonly KafkaMessage[];
}

/** What goes in the next call: of each topic from the front as much as it takes, and one message at least. */
function cut(waiting: readonly Waiting[]): readonly Part[] {
  const filled = new Map<string, number>();
  return waiting
    .map((of) => ({ of, messages: of.left.slice(0, fitting(of, filled)) }))
    .filter(({ messages }) => messages.length > 0);
}

/** How many of its messages the call still takes; `filled` says how many bytes of a topic are in it. */
function fitting({ topic, left }: Waiting, filled: Map<string, number>): number {
  let bytes = filled.get(topic) ?? 0;
  const end = left.findIndex(({ value }) => {
    const before = bytes;
    bytes += recordBytes + Buffer.byteLength(value ?? '');
    return before > 0 && bytes > callBytesMax;
  });
  // Behind one that has to wait, nothing else of the topic goes.
  filled.set(topic, end < 0 ? bytes : Infinity);
  return end < 0 ? left.length : end;
}

function sent({ of, messages }: Part): void {
  of.left = of.left.slice(messages.length);
  if (of.left.length === 0) of.resolve();
}

/** What is left of it must not go on behind what has failed. */
function failed({ of }: Part, cause: unknown): void {
  of.left = [];
  of.reject(cause);
}

function nameOf(topic: string, partition: number): string {
  return `${topic}:${String(partition)}`;
}

function recordOf({ key, value, timeMs, headers }: Outgoing): KafkaMessage {
  return { key, value, timestamp: String(timeMs), ...(headers && { headers: { ...headers } }) };
}
