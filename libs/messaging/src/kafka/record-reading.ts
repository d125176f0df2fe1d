import type { KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import { Chain } from './chain.js';
import { deadLetterOf, readMessage, type DeadLetter } from './dead-letters.js';

/** What a partition's records come to. */
export interface RecordReading {
  /** The message that is to be handled, undefined where there is none for this reader. Throws what makes it unreadable. */
  read(record: KafkaMessage): Message | undefined;
  /** Forgets what was read: others have handled what lies between that and the next record. */
  beginAnew(): void;
  /** What is kept of a record that cannot be read. */
  letterOf(record: KafkaMessage, reason: string): DeadLetter;
}

type Types = ReadonlySet<string> | undefined;

/** Records of a topic as their publisher sent them. */
export function readingOf(topic: string, partition: number, types: Types): RecordReading {
  let chain = new Chain(types);
  return {
    beginAnew: () => {
      chain = new Chain(types);
    },
    read: (record) => chain.pass(readMessage(topic, { key: keyOf(record), value: record.value })),
    letterOf: (record, reason) => ({
      ...{ topic, key: keyOf(record), value: record.value, reason },
      at: `${String(partition)}:${record.offset}`,
    }),
  };
}

/** Records of a topic of dead letters: only those that are to be read again concern anybody. */
export function rereadingOf(topic: string, types: Types): RecordReading {
  return {
    beginAnew: () => undefined,
    read(record) {
      const letter = deadLetterOf(record);
      if (!letter.isAgain) return undefined;
      const message = readMessage(topic, letter);
      if (!types) return message;
      // Which one of the wanted types stood before it is not known here.
      const { previous: _previous, ...first } = message;
      return types.has(message.type) ? first : undefined;
    },
    letterOf: (record, reason) => ({ ...deadLetterOf(record), reason }),
  };
}

function keyOf({ key }: KafkaMessage): string | null {
  return key?.toString('utf8') ?? null;
}
