import type { Message } from '#kernel/message.js';
import type { KafkaMessage } from 'kafkajs';
import { MalformedCloudEvent } from '../cloud-event.js';
import { readMessage } from './dead-letters.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';
import { TopicReader } from './topic-reading.js';

/** One reading of a topic from its first message, which no group takes notice of. */
export interface HistoryReading {
  /** Hands over what follows the last call's, up to the topic's end as it is now; rejects with `TopicCut` where its first messages are gone. */
  readOn(take: (messages: readonly Message[]) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Topics as the brokers keep them, which is for ever (see the registry). */
export class KafkaTopicHistory {
  constructor(private readonly config: KafkaConfig) {}

  /** Opens a topic for one service; connects when it is first read. */
  open(topic: string, service: string): Promise<HistoryReading> {
    const reader = new TopicReader(openKafka(this.config), topic, service);
    return Promise.resolve({
      readOn: (take) =>
        reader.readOn((records) => take(records.flatMap((record) => readable(topic, record)))),
      close: () => reader.close(),
    });
  }
}

/** What consumers cannot read either lies with their dead letters. */
function readable(topic: string, { key, value }: KafkaMessage): readonly Message[] {
  try {
    return [readMessage(topic, { key: key?.toString('utf8') ?? null, value })];
  } catch (error) {
    if (error instanceof MalformedCloudEvent) return [];
    throw error;
  }
}
