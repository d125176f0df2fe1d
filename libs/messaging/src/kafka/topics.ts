import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, IResourceConfigEntry, Kafka } from 'kafkajs';
import type { TopicDeclaration } from '#kernel/topic.js';
import { withDeadLetters } from './dead-letters.js';
import { kafkaErrorType } from './kafka-client.js';

/** A topic is not at the brokers as it is registered; the message is one sentence for whoever starts the process. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
}

/** Throws {@link TopicMismatch} for the first topic that is missing or has another number of partitions. */
export async function assertTopics(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const found = await partitionsAtBrokers(admin);
  for (const { name, partitions } of topics) {
    const there = found.get(name);
    if (there === undefined)
      throw new TopicMismatch(`the topic ${name} does not exist; run: npx mangnon topics apply`);
    if (there !== partitions)
      throw new TopicMismatch(
        `the topic ${name} has ${String(there)} partitions and not the ${String(partitions)} that it was made with: ` +
          'its keys lie elsewhere now, and older messages would be dropped as handled; open a new topic instead',
      );
  }
}

async function partitionsAtBrokers(admin: Admin): Promise<ReadonlyMap<string, number>> {
  const { topics } = await admin.fetchTopicMetadata();
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}

/** What {@link applyTopics} did. */
export interface TopicsApplied {
  readonly created: readonly string[];
}

/**
 * Makes the topics that are missing, with those of dead letters, and resolves once they can be read and written; throws
 * {@link TopicMismatch} where one has another number of partitions.
 */
export async function applyTopics(
  kafka: Kafka,
  registered: readonly TopicDeclaration[],
): Promise<TopicsApplied> {
  const topics = withDeadLetters(registered);
  const admin = kafka.admin();
  await admin.connect();
  try {
    const found = await partitionsAtBrokers(admin);
    const missing = topics.filter(({ name }) => !found.has(name));
    const { brokers } = await admin.describeCluster();
    const replicas = Math.min(brokers.length, replicasMax);
    if (missing.length > 0)
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map((topic) => ({
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: replicas,
          configEntries: configOf(topic, replicas),
        })),
      });
    await assertTopics(admin, topics);
    for (const { name } of missing) await isLed(admin, name);
    return { created: missing.map(({ name }) => name) };
  } finally {
    await admin.disconnect();
  }
}

/** What a broker answers that does not know yet that it leads a partition that was just made. */
const notYet: ReadonlySet<string | undefined> = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);
const ledWithinMs = 10_000;

/** The controller names leaders before those know of it: whoever asks them right behind it would be sent away. */
async function isLed(admin: Admin, topic: string): Promise<void> {
  for (const until = performance.now() + ledWithinMs; ;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (!notYet.has(kafkaErrorType(error)) || performance.now() > until) throw error;
      await delay(50);
    }
  }
}

/** Each message lies at so many brokers, where there are as many. */
const replicasMax = 3;
/** The largest message: an event's data of 1 MiB with all that stands around it. */
const messageBytesMax = 2_097_152;

function configOf({ retentionMs, compaction }: TopicDeclaration, replicas: number): IResourceConfigEntry[] {
  const settings = {
    'cleanup.policy': compaction ? 'compact' : 'delete',
    'retention.ms': retentionMs === 'for ever' ? '-1' : String(retentionMs),
    'max.message.bytes': String(messageBytesMax),
    'min.insync.replicas': String(Math.max(1, replicas - 1)),
    'message.timestamp.type': 'CreateTime',
    'unclean.leader.election.enable': 'false',
  };
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

/** A topic of the registry, and how many partitions the brokers have of it: undefined where it is missing. */
export interface TopicStanding {
  readonly topic: TopicDeclaration;
  readonly atBrokers: number | undefined;
}

/** How every topic stands, with those of dead letters behind the others. */
export async function standingOf(
  kafka: Kafka,
  registered: readonly TopicDeclaration[],
): Promise<readonly TopicStanding[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const found = await partitionsAtBrokers(admin);
    return withDeadLetters(registered).map((topic) => ({ topic, atBrokers: found.get(topic.name) }));
  } finally {
    await admin.disconnect();
  }
}
