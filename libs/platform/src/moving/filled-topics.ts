import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { placeAtEnd } from '#messaging/kafka/group-places.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { KafkaPublishers } from '#messaging/kafka/kafka-publishers.js';
import { compareTopic } from '#messaging/kafka/topic-chains.js';
import { PostgresPublisherPlaces } from '#messaging/postgres/postgres-publisher-places.js';
import type { Database } from '#postgres/pool.js';
import { countBehind } from './lagging.js';
import { MoveRefused } from './move-refused.js';
import type { MovedService } from './moved-service.js';

/** What topics are filled from. */
export interface FillingOptions {
  readonly kafka: KafkaConfig;
  readonly topics: readonly TopicDeclaration[];
  readonly services: readonly MovedService[];
  /** The log that the services will run on. */
  readonly store: EventStore;
  /** Where their publishers will keep their places. */
  readonly database: Database;
  readonly onProgress: (topic: string, messages: number) => void;
}

const pollMs = 100;

/**
 * Sends every message that the events make, as the publishers do and from where they stand, compares the topics with the
 * log, and commits for every group that it has handled all of them, as it has where the messages went straight from the
 * store. Goes on where it was broken off. Throws `TopicHoldsOther`, `TopicMismatch`.
 */
export async function fillTopics(options: FillingOptions): Promise<void> {
  const { kafka, services, store, onProgress } = options;
  for (const service of services)
    for (const source of service.publishers) await compareTopic(kafka, source, store, service.name);
  for (const service of services) await publishAll(service, options);
  for (const service of services)
    for (const source of service.publishers) {
      const { messages, sent } = await compareTopic(kafka, source, store, service.name);
      if (sent !== messages) throw new MoveRefused(`the topic ${source.topic} lacks messages`);
      onProgress(source.topic, sent);
    }
  await placeGroups(options);
}

async function placeGroups({ kafka, topics, store }: FillingOptions): Promise<void> {
  const groups = topics.flatMap(({ name: topic, readers }) => readers.map((group) => ({ group, topic })));
  const head = await store.head();
  await placeAtEnd(kafka, groups, head?.position ?? { incarnation: 0, number: 0 });
}

async function publishAll(
  { name, publishers: sources }: MovedService,
  options: FillingOptions,
): Promise<void> {
  const { kafka: config, topics, store, database } = options;
  const places = await PostgresPublisherPlaces.open(database, name);
  let stopped: { readonly cause: unknown } | undefined;
  const onStopped = (_topic: string, cause: unknown): void => void (stopped = { cause });
  const publishers = await KafkaPublishers.start({ config, topics, store, sources, places, onStopped });
  try {
    for (const source of sources) await allSent(store, places, source, () => stopped);
  } finally {
    await publishers.close();
  }
  for (const { topic } of sources) await moveToEnd(places, topic, store);
}

/** Resolves when the topic has every message; rejects with what its publisher was stopped by. */
async function allSent(
  store: EventStore,
  places: PostgresPublisherPlaces,
  source: TopicSource,
  stopped: () => { readonly cause: unknown } | undefined,
): Promise<void> {
  const isMessage: Parameters<typeof countBehind>[3] = (event) => source.translate(event) !== undefined;
  for (;;) {
    const standing = await places.standing(source.topic);
    if ((await countBehind(store, standing, source.streams, isMessage)) === 0) return;
    const end = stopped();
    if (end) throw end.cause;
    await delay(pollMs);
  }
}

/** A publisher writes down where it stands only now and then while it has nothing to send. */
async function moveToEnd(places: PostgresPublisherPlaces, topic: string, store: EventStore): Promise<void> {
  const [standing, head] = [await places.standing(topic), await store.head()];
  if (head && head.eventId !== standing?.eventId) await places.move(topic, standing, head, new Map());
}
