import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { MessagingEngine } from '#messaging/contract-consumer.contract.js';
import { InMemoryPublisherPlaces } from '#messaging/in-memory-publisher-places.js';
import { BatchingSender } from '#messaging/kafka/batching-sender.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { openKafka } from '#messaging/kafka/kafka-client.js';
import { KafkaMessaging, type KafkaMessagingOptions } from '#messaging/kafka/kafka-messaging.js';
import { TopicPublisher } from '#messaging/kafka/topic-publisher.js';
import { applyTopics } from '#messaging/kafka/topics.js';
import { systemClock } from '#platform/clock.js';
import { randomUUID } from 'node:crypto';
import { appendNumbers, numbersOf } from './messaging-direct.js';

/** Three partitions, so that keys of one test lie apart. */
export function numbersTopicOf(name: string, partitions = 3): TopicDeclaration {
  return {
    name,
    partitions,
    retentionMs: 'for ever',
    compaction: false,
    owner: 'numbers',
    readers: ['readers', 'one', 'two'],
  };
}

/** Messaging over Kafka as the contract wants it, on topics of its own: publishing is appending to a store that a publisher reads. */
export async function kafkaEngine(
  config: KafkaConfig,
  options: Partial<KafkaMessagingOptions> = {},
): Promise<MessagingEngine> {
  const id = randomUUID().slice(0, 8);
  const [topic, otherTopic] = [`mangnon.numbers-${id}.v1`, `mangnon.others-${id}.v1`];
  const topics = [numbersTopicOf(topic), numbersTopicOf(otherTopic)];
  const kafka = openKafka(config);
  await applyTopics(kafka, topics);
  const store = new InMemoryEventStore(systemClock);
  const sender = new BatchingSender(kafka);
  const places = new InMemoryPublisherPlaces();
  const publishers = [numbersOf(topic, 'numbers-'), numbersOf(otherTopic, 'others-')].map(
    (source) => new TopicPublisher({ store, source, places, sender }),
  );
  const open = (): KafkaMessaging => new KafkaMessaging({ config, topics, firstPauseMs: 10, ...options });
  let messaging = open();
  const revisions = new Map<string, number>();
  return {
    get messaging() {
      return messaging;
    },
    topic,
    otherTopic,
    publish: (name, messages) =>
      appendNumbers(store, revisions, name === topic ? 'numbers-' : 'others-', messages),
    async reopen() {
      const last = messaging;
      messaging = open();
      await last.close();
      return messaging;
    },
    async close() {
      await messaging.close();
      await Promise.all(publishers.map((publisher) => publisher.stop()));
      await sender.close();
      await store.close();
    },
  };
}
