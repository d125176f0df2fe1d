import { setTimeout as delay } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { formatPosition, type Position } from '#kernel/position.js';
import type { KafkaConfig } from './kafka.config.js';
import { groupIdOf, isKafkaError, openKafka } from './kafka-client.js';

/** A group that reads a topic. */
export interface GroupOfTopic {
  readonly group: string;
  readonly topic: string;
}

/** Brokers that have just been started need a moment for their first group. */
const triesMax = 6;
const pauseMs = 250;
/** The shortest that brokers take, so that a group in which this was killed is soon empty. */
const sessionTimeoutMs = 6_000;
/** Longer than a member of a service's, that was killed, is held for alive. */
const emptyWithinMs = 15_000;

/** Somebody reads in a group whose place is to be set. */
export class GroupInUse extends Error {
  override readonly name = 'GroupInUse';

  constructor(groupId: string) {
    super(`somebody is in the group ${groupId}: stop the services that run on these brokers first`);
  }
}

/**
 * Commits for each group that it has handled its topic up to the end as it is now, where all messages up to the position
 * `passed` are. Nobody may be in the groups. Throws {@link GroupInUse}; rejects where a broker refuses, and where it tells
 * another place afterwards.
 */
export async function placeAtEnd(
  config: KafkaConfig,
  groups: readonly GroupOfTopic[],
  passed: Position,
): Promise<void> {
  const kafka = openKafka(config);
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (const one of groups) await placeOne(kafka, admin, one, formatPosition(passed));
  } finally {
    await admin.disconnect();
  }
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** As members note it with their commits. */
  readonly metadata: string;
}

async function placeOne(
  kafka: Kafka,
  admin: Admin,
  { group, topic }: GroupOfTopic,
  metadata: string,
): Promise<void> {
  const groupId = groupIdOf(group, topic);
  const ends = await admin.fetchTopicOffsets(topic);
  const places = ends.map(({ partition, high }) => ({ topic, partition, offset: high, metadata }));
  for (let tries = 1; !(await standsAt(admin, groupId, places)); tries += 1)
    try {
      await assertNobodyIn(admin, groupId);
      if (tries > triesMax) throw new Error(`${groupId} does not stand where it was placed`);
      await commit(kafka, groupId, places);
    } catch (cause) {
      if (!isKafkaError(cause) || tries >= triesMax) throw cause;
      await delay(tries * pauseMs);
    }
}

/** One that was killed stays a member until its session ends; so this waits for a moment. */
async function assertNobodyIn(admin: Admin, groupId: string): Promise<void> {
  for (const until = performance.now() + emptyWithinMs; ;) {
    const { groups } = await admin.describeGroups([groupId]);
    if (groups.every(({ members }) => members.length === 0)) return;
    if (performance.now() > until) throw new GroupInUse(groupId);
    await delay(pauseMs);
  }
}

/** As its only member, for a moment: the client's own way to set offsets waits five seconds for a fetch. */
async function commit(kafka: Kafka, groupId: string, places: readonly Place[]): Promise<void> {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: sessionTimeoutMs / 6,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    retry: { retries: 4, restartOnFailure: async () => false },
  });
  const topics = [...new Set(places.map(({ topic }) => topic))];
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    // It has joined before it runs, and what is committed in between the client drops without a word.
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async (): Promise<void> => Promise.resolve();
      consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }).then(resolve, reject);
    });
    await consumer.commitOffsets([...places]);
  } finally {
    await consumer.disconnect();
  }
}

async function standsAt(admin: Admin, groupId: string, wanted: readonly Place[]): Promise<boolean> {
  const topics = [...new Set(wanted.map(({ topic }) => topic))];
  const found = await admin.fetchOffsets({ groupId, topics }).catch((cause: unknown) => {
    if (isKafkaError(cause)) return [];
    throw cause;
  });
  const offsets = new Map(found[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
  return wanted.every(({ partition, offset }) => offsets.get(partition) === offset);
}
