import type { Message } from '#kernel/message.js';
import type { KafkaMessage } from 'kafkajs';
import { MalformedCloudEvent } from '../cloud-event.js';
import { readMessage } from './dead-letters.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';
import { TopicReader } from './topic-reading.js';

/** One reading of a topic from its first message, which no group takes notice of. */
export interface HistoryReading {
  /**
   * Hands over what follows the last call's, up to the topic's end as it is now or until the signal, with the keys of what
   * could not be read so far; rejects with `TopicCut` where something is missing.
   */
  readOn(
    take: (messages: readonly Message[], leftOut: ReadonlySet<string>) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

/** Topics as the brokers keep them, which is for ever (see the registry). */
export class KafkaTopicHistory {
  constructor(private readonly config: KafkaConfig) {}

  /** Opens a topic for one service; connects when it is first read. */
  open(topic: string, service: string): Promise<HistoryReading> {
    const reader = new TopicReader(openKafka(this.config), topic, service);
    const leftOut = new Set<string>();
    return Promise.resolve({
      readOn: (take, signal) =>
        reader.readOn(
          (records) =>
            take(
              records.flatMap((record) => readable(topic, record, leftOut)),
              leftOut,
            ),
          signal,
        ),
      close: () => reader.close(),
    });
  }
}

/** What consumers cannot read either lies with their dead letters. */
function readable(topic: string, record: KafkaMessage, leftOut: Set<string>): readonly Message[] {
  const key = record.key?.toString('utf8') ?? null;
  try {
    return [readMessage(topic, { key, value: record.value })];
  } catch (error) {
    if (!(error instanceof MalformedCloudEvent)) throw error;
    if (key !== null) leftOut.add(key);
    return [];
  }
}
