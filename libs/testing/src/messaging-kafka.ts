import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { MessagingEngine, Published } from '#messaging/contract-consumer.contract.js';
import { InMemoryPublisherPlaces } from '#messaging/in-memory-publisher-places.js';
import { BatchingSender } from '#messaging/kafka/batching-sender.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { KafkaMessaging, type KafkaMessagingOptions } from '#messaging/kafka/kafka-messaging.js';
import { TopicPublisher, type PublisherOptions } from '#messaging/kafka/topic-publisher.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { appendNumbers, numbersOf } from './messaging-direct.js';

/** A topic of the numbers, in three partitions, so that keys of one test lie apart. */
export function numbersTopicOf(name: string, partitions = 3): TopicDeclaration {
  const readers = ['readers', 'one', 'two'];
  return { name, partitions, retentionMs: 'for ever', compaction: false, owner: 'numbers', readers };
}

/** A topic of its own at the brokers, made from the streams `numbers-<key>` of a store in memory; nothing publishes it yet. */
export class KafkaRig {
  readonly places = new InMemoryPublisherPlaces();
  readonly sender: BatchingSender;
  readonly source: TopicSource;
  private readonly opened: (() => Promise<unknown>)[] = [];
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly config: KafkaConfig,
    readonly topics: readonly TopicDeclaration[],
    readonly store: InMemoryEventStore,
  ) {
    this.sender = new BatchingSender(openKafka(config));
    this.source = numbersOf(this.topic, 'numbers-');
  }

  /** Makes the topics `numbers` and `others`. The clock is the store's. */
  static async open(config: KafkaConfig, clock = { now: () => new Date() }): Promise<KafkaRig> {
    const id = randomUUID().slice(0, 8);
    const topics = ['numbers', 'others'].map((name) => numbersTopicOf(`mangnon.${name}-${id}.v1`));
    await applyTopics(openKafka(config), topics);
    return new KafkaRig(config, topics, new InMemoryEventStore(clock));
  }

  get topic(): string {
    return this.topics[0]?.name ?? '';
  }

  get otherTopic(): string {
    return this.topics[1]?.name ?? '';
  }

  messaging(options: Partial<KafkaMessagingOptions> = {}): KafkaMessaging {
    const { config, topics } = this;
    const messaging = new KafkaMessaging({ config, topics, firstPauseMs: 10, ...options });
    this.opened.push(() => messaging.close());
    return messaging;
  }

  /** A publisher of the topic, unless another source is given. */
  publisher(options: Partial<PublisherOptions> = {}): TopicPublisher {
    const { store, source, places, sender } = this;
    const publisher = new TopicPublisher({ store, source, places, sender, ...options });
    this.opened.push(() => publisher.stop());
    return publisher;
  }

  /** Appends to the streams of the topic, or of the other one. */
  append(messages: readonly Published[], prefix = 'numbers-'): Promise<void> {
    return appendNumbers(this.store, this.revisions, prefix, messages);
  }

  async close(): Promise<void> {
    await Promise.all(this.opened.map((close) => close()));
    await this.sender.close();
    await this.store.close();
  }
}

/** Messaging over Kafka as the contract wants it: publishing is appending to a store that publishers read. */
export async function kafkaEngine(
  config: KafkaConfig,
  options: Partial<KafkaMessagingOptions> = {},
): Promise<MessagingEngine> {
  const rig = await KafkaRig.open(config);
  rig.publisher();
  rig.publisher({ source: numbersOf(rig.otherTopic, 'others-') });
  let messaging = rig.messaging(options);
  return {
    get messaging() {
      return messaging;
    },
    topic: rig.topic,
    otherTopic: rig.otherTopic,
    publish: (name, messages) => rig.append(messages, name === rig.topic ? 'numbers-' : 'others-'),
    async reopen() {
      const last = messaging;
      messaging = rig.messaging(options);
      await last.close();
      return messaging;
    },
    close: () => rig.close(),
  };
}
