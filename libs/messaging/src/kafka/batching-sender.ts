import { Partitioners, type Kafka, type Message as KafkaMessage, type Producer } from 'kafkajs';

/** One message on its way to a topic. */
export interface Outgoing {
  readonly key: string | null;
  readonly value: string | Buffer;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Waiting {
  readonly topic: string;
  readonly messages: KafkaMessage[];
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The one sender of a process: an idempotent producer with one send in flight. What is given while a send is under way
 * goes together in the next one. After a failure it begins anew with another producer.
 */
export class BatchingSender {
  private waiting: Waiting[] = [];
  private sending: Promise<void> | undefined;
  private producer: Producer | undefined;

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
        const producer = (this.producer ??= await this.connect());
        await producer.sendBatch({
          acks: -1,
          topicMessages: together.map(({ topic, messages }) => ({ topic, messages })),
        });
        for (const { resolve } of together) resolve();
      } catch (cause) {
        await this.letGo();
        for (const { reject } of together) reject(cause);
      }
    }
    // In the same turn as the last look: whoever comes later begins anew.
    this.sending = undefined;
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
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

function recordOf({ key, value, timeMs, headers }: Outgoing): KafkaMessage {
  return { key, value, timestamp: String(timeMs), ...(headers && { headers: { ...headers } }) };
}
