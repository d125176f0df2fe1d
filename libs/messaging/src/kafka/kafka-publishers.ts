import type { Admin } from 'kafkajs';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import type { PublisherPlaces } from '../publisher-places.js';
import { BatchingSender } from './batching-sender.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';
import { TopicPublisher, type AroundSend } from './topic-publisher.js';
import { TopicMismatch } from './topic-mismatch.js';
import { assertTopics } from './topics.js';

/** What a process publishes. */
export interface KafkaPublishersOptions {
  readonly config: KafkaConfig;
  /** The registry: whatever is published must be in it, and at the brokers as it says. */
  readonly topics: readonly TopicDeclaration[];
  readonly store: EventStore;
  /** One a topic that this process owns. */
  readonly sources: readonly TopicSource[];
  readonly places: PublisherPlaces;
  /** How long reading may wait for a larger batch, in milliseconds; 20 when absent. */
  readonly lingerMs?: number;
  /** Stands around each send where given. */
  readonly around?: AroundSend;
  /** Told of every failure that is retried, for logs. */
  readonly onTrouble?: (publisher: string, cause: unknown) => void;
  /** Called once for a topic that cannot go on at all (`CheckpointLost`, `TopicMismatch`, an event that cannot be translated). */
  readonly onStopped?: (topic: string, cause: unknown) => void;
}

/** The publishers of one process, which share its one sender. */
export class KafkaPublishers {
  private constructor(
    private readonly publishers: readonly TopicPublisher[],
    private readonly sender: BatchingSender,
  ) {}

  /**
   * Begins to publish. Rejects with `RangeError` for a topic that is not registered, with `TopicMismatch` for one that is
   * not at the brokers as registered or holds nothing of what was sent, and where no broker answers.
   */
  static async start(options: KafkaPublishersOptions): Promise<KafkaPublishers> {
    const { config, topics, store, sources, places, lingerMs = 20, onTrouble, onStopped } = options;
    const { around } = options;
    const kafka = openKafka(config);
    const admin = kafka.admin();
    try {
      await admin.connect();
      await assertTopics(
        admin,
        sources.map((source) => declared(source.topic, topics)),
      );
      for (const { topic } of sources) await assertNotMadeAgain(admin, topic, places);
    } finally {
      await admin.disconnect();
    }
    const sender = new BatchingSender(kafka, topics);
    const publishers = sources.map(
      (source) =>
        new TopicPublisher({
          ...{ store, source, places, sender, lingerMs },
          ...(onTrouble && { onTrouble }),
          ...(around && { around }),
          onStopped: (cause) => onStopped?.(source.topic, cause),
        }),
    );
    return new KafkaPublishers(publishers, sender);
  }

  /** Waits for what is being sent. */
  async close(): Promise<void> {
    await Promise.all(this.publishers.map((publisher) => publisher.stop()));
    await this.sender.close();
  }
}

/** What comes next would name a message before it that its readers never find. */
async function assertNotMadeAgain(admin: Admin, topic: string, places: PublisherPlaces): Promise<void> {
  const place = await places.find(topic);
  if (!place || place.last.size === 0) return;
  const ends = await admin.fetchTopicOffsets(topic);
  if (ends.some(({ high }) => high !== '0')) return;
  throw new TopicMismatch(
    `the topic ${topic} is empty although messages were sent on it: it was made again; have all of them sent once more ` +
      'by deleting what publisher_places and publisher_keys of its service say of it',
  );
}

function declared(topic: string, topics: readonly TopicDeclaration[]): TopicDeclaration {
  const found = topics.find(({ name }) => name === topic);
  if (!found) throw new RangeError(`${topic} is not registered`);
  return found;
}
