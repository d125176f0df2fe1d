import type { KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { Chain } from './chain.js';
import { deadLetterOf, readMessage, type DeadLetter } from './dead-letters.js';
import { noDoubts, type Doubts } from './doubts.js';

/**
 * The highest position of all messages that a partition holds up to some record: a topic's publisher sends in the order of
 * positions, so that no message at or below it comes there for the first time any more. `unknown` where what lies before
 * was not read by anybody who noted it.
 */
export type Passed = Position | 'unknown';

/** Before every message: a topic keeps all of them, so that whoever begins with its first record misses none. */
export const beforeAll: Position = { incarnation: 0, number: 0 };

/** What a partition's records come to. */
export interface RecordReading {
  /**
   * The message that is to be handled, undefined where there is none for this reader. Throws what makes it unreadable; the
   * record's key is in doubt from then on.
   */
  read(record: KafkaMessage): Message | undefined;
  /**
   * Forgets what was read: the group has behind it what lies before the next record, up to `passed` where that is known,
   * but of the keys in doubt.
   */
  begin(from: Passed, doubts: Doubts): void;
  /** How far the topic's messages have come to where it has read. */
  readonly passed: Passed;
  /** Of which keys something may be missing up to where it has read. */
  readonly doubts: Doubts;
  /** What is kept of a record that cannot be read. */
  letterOf(record: KafkaMessage, reason: string): DeadLetter;
}

type Types = ReadonlySet<string> | undefined;

/** Records of a topic as their publisher sent them. */
export function readingOf(topic: string, partition: number, types: Types): RecordReading {
  let chain = new Chain(types);
  let passed: Passed = 'unknown';
  const messageIn = ({ key, value }: Pick<DeadLetter, 'key' | 'value'>): Message => {
    try {
      return readMessage(topic, { key, value });
    } catch (cause) {
      if (key !== null) chain.unreadable(key, known(passed));
      throw cause;
    }
  };
  return {
    begin: (from, doubts) => {
      passed = from;
      chain = new Chain(types, known(from), doubts);
    },
    get passed() {
      return passed;
    },
    get doubts() {
      return chain.doubts;
    },
    read(record) {
      const message = messageIn({ key: keyOf(record), value: record.value });
      if (passed !== 'unknown') passed = later(passed, message.position);
      return chain.pass(message);
    },
    letterOf: (record, reason) => ({
      ...{ topic, key: keyOf(record), value: record.value, reason },
      at: `${String(partition)}:${record.offset}`,
    }),
  };
}

/** Records of a topic of dead letters: only those that are to be read again concern anybody, whatever type they turn out to be of. */
export function rereadingOf(topic: string): RecordReading {
  return {
    begin: () => undefined,
    passed: 'unknown',
    doubts: noDoubts,
    read(record) {
      const letter = deadLetterOf(record);
      return letter.isAgain ? readMessage(topic, letter) : undefined;
    },
    letterOf: (record, reason) => ({ ...deadLetterOf(record), reason }),
  };
}

/** The position, where there is one. */
export function known(passed: Passed): Position | undefined {
  return passed === 'unknown' ? undefined : passed;
}

function later(passed: Position, position: Position): Position {
  return comparePositions(passed, position) > 0 ? passed : position;
}

function keyOf({ key }: KafkaMessage): string | null {
  return key?.toString('utf8') ?? null;
}
