import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { KafkaBacklog } from '#messaging/kafka/kafka-backlog.js';
import type { KafkaConfig } from '#messaging/kafka/kafka.config.js';
import { KafkaMessaging } from '#messaging/kafka/kafka-messaging.js';
import { KafkaPublishers } from '#messaging/kafka/kafka-publishers.js';
import type { PublisherPlaces } from '#messaging/publisher-places.js';
import { lingerMs, type Carrier } from '../carrier.js';
import { tracerHere } from '../tracing/spans.js';
import { sendInSpans } from '../tracing/traced-messages.js';
import { deadLetters } from '../transport/transport-metrics.js';
import type { FailPoints } from '../fail-points.js';

/** What a carrier between processes runs on. */
export interface KafkaCarrierOptions {
  readonly kafka: KafkaConfig;
  /** Every topic there is. */
  readonly topics: readonly TopicDeclaration[];
  readonly store: EventStore;
  /** The topics that this process publishes. */
  readonly sources: readonly TopicSource[];
  readonly places: PublisherPlaces;
  readonly failPoints: FailPoints;
  readonly onTrouble: (where: string, cause: unknown) => void;
}

/** Between processes, over Kafka. */
export function kafkaCarrier({ kafka: config, ...parts }: KafkaCarrierOptions): Carrier {
  const { topics, store, failPoints, onTrouble } = parts;
  const messaging = new KafkaMessaging({
    ...{ config, topics, store, onTrouble },
    onDeadLetter: (group, topic) => deadLetters.inc({ group, topic }),
    committing: (consumer, commit) => failPoints.commit(consumer, commit),
  });
  const backlog = new KafkaBacklog({ config, topics, unsent: parts });
  let publishers: KafkaPublishers | undefined;
  return {
    messaging,
    backlog,
    oldestUnsent: (topic) => backlog.oldestUnsent(topic),
    async publish(onStopped) {
      const traced = tracerHere() && { around: sendInSpans };
      publishers = await KafkaPublishers.start({ ...parts, config, lingerMs, onStopped, ...traced });
    },
    async close() {
      await messaging.close();
      await publishers?.close();
      await backlog.close();
    },
  };
}
