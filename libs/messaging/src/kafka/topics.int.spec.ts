import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Admin, Kafka } from 'kafkajs';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { systemClock } from '#platform/clock.js';
import { describeWithKafka, kafkaOfTests } from '#testing/kafka-suite.js';
import { numbersTopicOf } from '#testing/messaging-kafka.js';
import { numbersOf } from '#testing/messaging-direct.js';
import { InMemoryPublisherPlaces } from '../in-memory-publisher-places.js';
import { openKafka } from './kafka-client.js';
import { KafkaMessaging } from './kafka-messaging.js';
import { KafkaPublishers } from './kafka-publishers.js';
import { applyTopics, assertTopics } from './topics.js';
import { TopicMismatch } from './topic-mismatch.js';

describeWithKafka('the registry of topics at the brokers', () => {
  let kafka: Kafka;
  let admin: Admin;
  beforeAll(async () => {
    kafka = openKafka(kafkaOfTests());
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(() => admin.disconnect());

  const fresh = (): TopicDeclaration => numbersTopicOf(`mangnon.made-${randomUUID().slice(0, 8)}.v1`);

  async function start(topic: TopicDeclaration): Promise<void> {
    const messaging = new KafkaMessaging({ config: kafkaOfTests(), topics: [topic] });
    try {
      const handle = async (): Promise<void> => undefined;
      await messaging.consume({ group: 'readers', topic: topic.name, handle });
    } finally {
      await messaging.close();
    }
  }

  it('is made with the topics of dead letters, once, as it says', async () => {
    const topic = fresh();
    const dead = topic.readers.map((reader) => `${topic.name}.dead.${reader}`);
    expect(await applyTopics(kafka, [topic])).toEqual({ created: [topic.name, ...dead] });
    expect(await applyTopics(kafka, [topic])).toEqual({ created: [] });
    await assertTopics(admin, [topic]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: topic.name }],
    });
    const settings = new Map(resources[0]?.configEntries.map((one) => [one.configName, one.configValue]));
    expect(settings.get('retention.ms')).toBe('-1');
    expect(settings.get('cleanup.policy')).toBe('delete');
    expect(settings.get('message.timestamp.type')).toBe('CreateTime');
  });

  it('keeps whoever reads or publishes from starting where a topic is missing, and says what to run', async () => {
    const topic = fresh();
    const sentence = new TopicMismatch(
      `the topic ${topic.name} does not exist, or this user may not see it; run: npx mangnon topics apply (or topics acls --apply)`,
    );
    await expect(start(topic)).rejects.toThrow(sentence);
    const store = new InMemoryEventStore(systemClock);
    const publishing = KafkaPublishers.start({
      ...{ config: kafkaOfTests(), topics: [topic], store, places: new InMemoryPublisherPlaces() },
      sources: [numbersOf(topic.name, 'numbers-')],
    });
    await expect(publishing).rejects.toThrow(sentence);
    await store.close();
  });

  it('keeps whoever publishes from starting where a topic is empty that messages were sent on, until they are sent again', async () => {
    const topic = fresh();
    await applyTopics(kafka, [topic]);
    const [store, places] = [new InMemoryEventStore(systemClock), new InMemoryPublisherPlaces()];
    const publishing = (): Promise<KafkaPublishers> =>
      KafkaPublishers.start({
        ...{ config: kafkaOfTests(), topics: [topic], store, places },
        sources: [numbersOf(topic.name, 'numbers-')],
      });
    const position = { incarnation: 1, number: 1 };
    const sent = { cursor: '1', position, eventId: randomUUID() };
    await places.move(topic.name, undefined, sent, new Map([['a', position]]));
    await expect(publishing()).rejects.toThrow(
      new RegExp(`^the topic ${topic.name} is empty although messages were sent on it: it was made again; `),
    );
    await places.forget(topic.name);
    await (await publishing()).close();
    await store.close();
  });

  it.each([2, 5])(
    'keeps it from starting with %i partitions instead of three, and changes none',
    async (partitions) => {
      const topic = fresh();
      await applyTopics(kafka, [{ ...topic, partitions: 2 }]);
      if (partitions > 2)
        await admin.createPartitions({ topicPartitions: [{ topic: topic.name, count: partitions }] });
      const sentence = `the topic ${topic.name} has ${partitions} partitions and not the 3 that it was made with`;
      await expect(start(topic)).rejects.toThrow(sentence);
      await expect(applyTopics(kafka, [topic])).rejects.toThrow(TopicMismatch);
    },
  );

  it('keeps out whoever it does not name as a reader', async () => {
    const topic = fresh();
    await applyTopics(kafka, [topic]);
    await expect(start({ ...topic, readers: ['one'] })).rejects.toThrow(
      `readers is not registered to read ${topic.name}`,
    );
  });
});
