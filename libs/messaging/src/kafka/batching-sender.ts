import {
  Partitioners,
  type ICustomPartitioner,
  type Kafka,
  type Message as KafkaMessage,
  type Producer,
  type RecordMetadata,
} from 'kafkajs';

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

interface Waiting {
  readonly topic: string;
  readonly messages: KafkaMessage[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The one sender of a process: an idempotent producer with one send in flight. What is given while a send is under way
 * goes together in the next one. After a failure it begins anew with another producer. Where a partition's leader moves
 * during a send, the client (2.2.4) may leave that partition out and call the send a success: so the answers are held
 * against the partitions that the messages were for.
 */
export class BatchingSender {
  private waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;
  private producer: Producer | undefined;
  /** Partitions that the messages of the send under way are for. */
  private readonly targets = new Set<string>();

  constructor(private readonly kafka: Kafka) {}

  /**
   * Resolves once every in-sync replica has the messages, in this order. Where it rejects, some may have been written:
   * whoever sends them again only doubles them.
   */
  send(topic: string, messages: readonly Outgoing[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ topic, messages: messages.map(recordOf), resolve, reject });
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
      const together = this.waiting;
      this.waiting = [];
      try {
        this.targets.clear();
        const producer = (this.producer ??= await this.connect());
        const topicMessages = together.map(({ topic, messages }) => ({ topic, messages }));
        this.assertComplete(await producer.sendBatch({ acks: -1, topicMessages }));
        for (const { resolve } of together) resolve();
      } catch (cause) {
        await this.letGo();
        for (const { reject } of together) reject(cause);
      }
    }
    // In the same turn as the last look: whoever comes later begins anew.
    this.sending = undefined;
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
    await producer.connect();
    return producer;
  }

  private async letGo(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

function nameOf(topic: string, partition: number): string {
  return `${topic}:${String(partition)}`;
}

function recordOf({ key, value, timeMs, headers }: Outgoing): KafkaMessage {
  return { key, value, timestamp: String(timeMs), ...(headers && { headers: { ...headers } }) };
}
