import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, IResourceConfigEntry, Kafka } from 'kafkajs';
import type { TopicDeclaration } from '#kernel/topic.js';
import { withDeadLetters } from './dead-letters.js';
import { kafkaErrorType } from './kafka-client.js';
import { assertPartitions, TopicMismatch } from './topic-mismatch.js';

/**
 * Throws {@link TopicMismatch} for the first topic that is missing, has another number of partitions, or whose messages the
 * brokers would drop though it keeps them; the last is not looked at where they do not let us.
 */
export async function assertTopics(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const found = await partitionsAtBrokers(admin);
  for (const topic of topics) assertPartitions(topic, found.get(topic.name));
  await assertKept(admin, topics);
}

/** A broker that was just started may not know a topic yet: who reads it already gives it so many looks, so far apart. */
const looks = { max: 5, everyMs: 1_000 } as const;

/** As {@link assertTopics}, once it was so at five looks within some seconds. */
export async function assertTopicsFirmly(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  for (let look = 1; ; look += 1) {
    try {
      await assertTopics(admin, topics);
      return;
    } catch (error) {
      if (!(error instanceof TopicMismatch) || look >= looks.max) throw error;
      await delay(looks.everyMs);
    }
  }
}

/** What a broker answers whoever may read a topic and not how it is set. */
const denied: ReadonlySet<string | undefined> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);
/** What the client calls a topic among whatever has settings. */
const topicResource = 2;

async function assertKept(admin: Admin, topics: readonly TopicDeclaration[]): Promise<void> {
  const resources = topics.map(({ name }) => ({ type: topicResource, name }));
  if (resources.length === 0) return;
  const found = await admin.describeConfigs({ resources, includeSynonyms: false }).catch((error: unknown) => {
    if (denied.has(kafkaErrorType(error))) return { resources: [] };
    throw error;
  });
  for (const { resourceName, configEntries } of found.resources) {
    const settings = new Map(configEntries.map((entry) => [entry.configName, entry.configValue]));
    const topic = topics.find(({ name }) => name === resourceName);
    const dropping = topic && droppingIn(settings, topic);
    if (dropping !== undefined)
      throw new TopicMismatch(
        `the topic ${resourceName} has ${dropping}: messages would be dropped that it is to keep, and tables could not ` +
          'be built from it any more; set it back with kafka-configs',
      );
  }
}

/** The setting by which messages go that are to be kept; undefined where there is none. */
function droppingIn(
  settings: ReadonlyMap<string, string>,
  { retentionMs, compaction }: TopicDeclaration,
): string | undefined {
  const policies = settings.get('cleanup.policy')?.split(',') ?? [];
  if (policies.includes('compact') && !compaction) return 'cleanup.policy=compact';
  if (!policies.includes('delete') || retentionMs !== 'for ever') return undefined;
  const limit = ['retention.ms', 'retention.bytes'].find((name) => (settings.get(name) ?? '-1') !== '-1');
  return limit && `${limit}=${String(settings.get(limit))}`;
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
    for (const topic of topics) if (!missing.includes(topic)) assertPartitions(topic, found.get(topic.name));
    const { brokers } = await admin.describeCluster();
    const replicas = Math.min(brokers.length, replicasMax);
    if (missing.length > 0)
      await admin.createTopics({
        // The client would ask a broker that may not have heard of them yet, and take that for a failure.
        waitForLeaders: false,
        topics: missing.map((topic) => ({
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: replicas,
          configEntries: configOf(topic, replicas),
        })),
      });
    for (const topic of missing) await isLed(admin, topic);
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

/** Brokers hear one after the other of what was made: whoever asks right behind it would be sent away by some. */
async function isLed(admin: Admin, topic: TopicDeclaration): Promise<void> {
  for (const until = performance.now() + ledWithinMs; ;) {
    try {
      assertPartitions(topic, (await admin.fetchTopicOffsets(topic.name)).length);
      await assertTopics(admin, [topic]);
      return;
    } catch (error) {
      const isEarly = notYet.has(kafkaErrorType(error)) || error instanceof TopicMismatch;
      if (!isEarly || performance.now() > until) throw error;
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
    'retention.bytes': '-1',
    'max.message.bytes': String(messageBytesMax),
    'min.insync.replicas': String(Math.max(1, replicas - 1)),
    'message.timestamp.type': 'CreateTime',
    'unclean.leader.election.enable': 'false',
  };
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

/**
 * The first topic, those of dead letters included, that a message was ever sent to; undefined where none was. Throws
 * {@link TopicMismatch} for one that is missing.
 */
export async function findUsed(
  kafka: Kafka,
  registered: readonly TopicDeclaration[],
): Promise<string | undefined> {
  const topics = withDeadLetters(registered);
  const admin = kafka.admin();
  await admin.connect();
  try {
    await assertTopics(admin, topics);
    for (const { name } of topics) {
      const ends = await admin.fetchTopicOffsets(name);
      if (ends.some(({ high }) => high !== '0')) return name;
    }
    return undefined;
  } finally {
    await admin.disconnect();
  }
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
