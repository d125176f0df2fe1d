import type { KafkaMessage } from 'kafkajs';
import type { BatchingSender } from './batching-sender.js';

/** A record that a group could not read. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly record: KafkaMessage;
  /** Names what is wrong with it, and no data. */
  readonly reason: string;
}

/** Where a group puts what it cannot read of a topic: only it writes there, and only it reads it again. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.dead.${group}`;
}

/** Keeps a dead letter, its bytes as they were; resolves once the brokers have it. */
export async function keepDeadLetter(
  sender: BatchingSender,
  group: string,
  letter: DeadLetter,
): Promise<void> {
  const { topic, partition, record, reason } = letter;
  await sender.send(deadLetterTopic(topic, group), [
    {
      key: record.key?.toString('utf8') ?? null,
      value: record.value ?? '',
      timeMs: Date.now(),
      headers: { topic, at: `${String(partition)}:${record.offset}`, reason },
    },
  ]);
}
