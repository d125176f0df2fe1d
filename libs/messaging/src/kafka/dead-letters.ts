import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import type { TopicDeclaration } from '#kernel/topic.js';
import { fromCloudEvent, MalformedCloudEvent } from '../cloud-event.js';
import type { BatchingSender } from './batching-sender.js';

/** A record that a group could not read, as it was. */
export interface DeadLetter {
  /** Topic that it came on. */
  readonly topic: string;
  /** Where it stood there: `partition:offset`. */
  readonly at: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  /** What is wrong with it, in words without data. */
  readonly reason: string;
}

/** Where a group puts what it cannot read of a topic: only it writes there and, when told to, takes it up again. */
export function deadLetterTopic(topic: string, group: string): string {
  return `${topic}.dead.${group}`;
}

/** The registry with the topic of dead letters of every reader. */
export function withDeadLetters(topics: readonly TopicDeclaration[]): readonly TopicDeclaration[] {
  const dead = topics.flatMap(({ name, readers }) =>
    readers.map((group): TopicDeclaration => ({
      ...{ name: deadLetterTopic(name, group), partitions: 1, retentionMs: 'for ever', compaction: false },
      ...{ owner: group, readers: [] },
    })),
  );
  return [...topics, ...dead];
}

/** Keeps a dead letter; resolves once the brokers have it. */
export function keepDeadLetter(sender: BatchingSender, group: string, letter: DeadLetter): Promise<void> {
  return send(sender, group, letter, { reason: letter.reason });
}

/** Puts a dead letter before its group once more; what it cannot read again is a dead letter again. */
export function repeatDeadLetter(sender: BatchingSender, group: string, letter: DeadLetter): Promise<void> {
  return send(sender, group, letter, { again: 'true' });
}

function send(
  sender: BatchingSender,
  group: string,
  { topic, at, key, value }: DeadLetter,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const record = { key, value: value ?? '', timeMs: Date.now(), headers: { topic, at, ...headers } };
  return sender.send(deadLetterTopic(topic, group), [record]);
}

/** A record of a topic of dead letters: one that was kept, or one that is to be read again. */
export function deadLetterOf({
  key,
  value,
  headers,
}: KafkaMessage): DeadLetter & { readonly isAgain: boolean } {
  return {
    topic: text(headers, 'topic'),
    at: text(headers, 'at'),
    key: key?.toString('utf8') ?? null,
    value,
    reason: text(headers, 'reason'),
    isAgain: text(headers, 'again') === 'true',
  };
}

/** Reads a message of the topic; throws `MalformedCloudEvent`. */
export function readMessage(topic: string, { key, value }: Pick<DeadLetter, 'key' | 'value'>): Message {
  if (!value || value.length === 0) throw new MalformedCloudEvent('empty');
  const message = fromCloudEvent(value.toString('utf8'));
  if (message.topic !== topic) throw new MalformedCloudEvent('not as it must be: source');
  if (message.key !== key) throw new MalformedCloudEvent('not as it must be: partitionkey');
  return message;
}

function text(headers: IHeaders | undefined, name: string): string {
  return String(headers?.[name] ?? '');
}
