import { randomUUID } from 'node:crypto';
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { TopicDeclaration } from '#kernel/topic.js';
import { BatchingSender } from './batching-sender.js';
import { deadLetterOf, deadLetterTopic, repeatDeadLetter, type DeadLetter } from './dead-letters.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';

/** A dead letter that nobody has taken up. */
export interface OpenDeadLetter extends DeadLetter {
  readonly group: string;
  /** When it was kept (RFC 3339, UTC). */
  readonly keptAt: string;
}

/** Dead letters as an operator sees them and puts them before their groups again. */
export class DeadLetterDesk {
  private readonly kafka: Kafka;

  constructor(
    config: KafkaConfig,
    private readonly topics: readonly TopicDeclaration[],
  ) {
    this.kafka = openKafka(config);
  }

  /** Those of every group, or of one, by topic and in the order in which they were kept. Never their data in words. */
  async open(onlyGroup?: string): Promise<readonly OpenDeadLetter[]> {
    const pairs = this.topics.flatMap(({ name, readers }) =>
      readers.filter((group) => (onlyGroup ?? group) === group).map((group) => ({ topic: name, group })),
    );
    const lists: (readonly OpenDeadLetter[])[] = [];
    for (const { topic, group } of pairs)
      lists.push(stillOpen(group, await readAll(this.kafka, deadLetterTopic(topic, group))));
    return lists.flat();
  }

  /** Puts all of a group's before it again, in their order, and tells how many. What it cannot read then is a dead letter again. */
  async replay(group: string): Promise<number> {
    const letters = await this.open(group);
    const sender = new BatchingSender(this.kafka);
    try {
      for (const letter of letters) await repeatDeadLetter(sender, group, letter);
    } finally {
      await sender.close();
    }
    return letters.length;
  }
}

function stillOpen(group: string, records: readonly KafkaMessage[]): readonly OpenDeadLetter[] {
  const open = new Map<string, OpenDeadLetter>();
  for (const record of records) {
    const { isAgain, ...letter } = deadLetterOf(record);
    if (isAgain) open.delete(letter.at);
    else open.set(letter.at, { ...letter, group, keptAt: timeOf(record) });
  }
  return [...open.values()];
}

function timeOf({ timestamp }: KafkaMessage): string {
  return new Date(Number.parseInt(timestamp, 10)).toISOString();
}

/** Every record that a topic of one partition holds now, read in a group that is gone afterwards. */
async function readAll(kafka: Kafka, topic: string): Promise<readonly KafkaMessage[]> {
  const admin = kafka.admin();
  await admin.connect();
  const groupId = `mangnon.desk.${randomUUID()}`;
  try {
    const [held] = await admin.fetchTopicOffsets(topic);
    const count = held ? BigInt(held.high) - BigInt(held.low) : 0n;
    if (!held || count === 0n) return [];
    try {
      return await readUpTo(kafka, groupId, topic, BigInt(held.high));
    } finally {
      await admin.deleteGroups([groupId]).catch(() => undefined);
    }
  } finally {
    await admin.disconnect();
  }
}

async function readUpTo(
  kafka: Kafka,
  groupId: string,
  topic: string,
  end: bigint,
): Promise<readonly KafkaMessage[]> {
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    retry: { restartOnFailure: async () => false },
  });
  const records: KafkaMessage[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachMessage = async ({ message }: { readonly message: KafkaMessage }): Promise<void> => {
        records.push(message);
        if (BigInt(message.offset) + 1n >= end) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records;
}
