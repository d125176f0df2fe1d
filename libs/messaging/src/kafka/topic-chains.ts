import { createHash } from 'node:crypto';
import type { EventStore } from '#event-store/event-store.js';
import type { TopicSource } from '#kernel/message.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { toCloudEvent } from '../cloud-event.js';
import { messageOf } from '../translation.js';
import { readMessage } from './dead-letters.js';
import type { KafkaConfig } from './kafka.config.js';
import { openKafka } from './kafka-client.js';
import { TopicReader } from './topic-reading.js';

/** A topic holds what its publisher would not send from this log. */
export class TopicHoldsOther extends Error {
  override readonly name = 'TopicHoldsOther';

  constructor(topic: string, what: string) {
    super(`the topic ${topic} holds other messages than the events make: ${what}`);
  }
}

/** The messages of one key so far: how many, the last one's position, and a digest over the texts of all of them. */
interface Chain {
  count: number;
  last: Position;
  digest: string;
}

/** The messages of a topic by key, in order and each once, however often it was sent. */
class Chains {
  readonly of = new Map<string, Chain>();

  add(key: string, position: Position, text: string | Buffer): Chain {
    const known = this.of.get(key);
    if (known && comparePositions(position, known.last) <= 0) return known;
    const hash = createHash('sha256').update(known?.digest ?? '');
    const chain = { count: (known?.count ?? 0) + 1, last: position, digest: hash.update(text).digest('hex') };
    this.of.set(key, chain);
    return chain;
  }

  countOf(key: string): number {
    return this.of.get(key)?.count ?? 0;
  }

  get messages(): number {
    return [...this.of.values()].reduce((sum, { count }) => sum + count, 0);
  }
}

/**
 * Holds a topic as the brokers keep it against the messages that its publisher makes of the log, byte for byte and key by
 * key: those that were sent must be its first ones. How many messages there are and how many of them the topic has. Throws
 * {@link TopicHoldsOther}.
 */
export async function compareTopic(
  config: KafkaConfig,
  source: TopicSource,
  store: EventStore,
  service: string,
): Promise<{ readonly messages: number; readonly sent: number }> {
  const there = await chainsAtBrokers(config, source.topic, service);
  const made = new Chains();
  for await (const { key, position, value } of messagesOf(source, store)) {
    const { count, digest } = made.add(key, position, value);
    const found = there.of.get(key);
    if (found?.count === count && found.digest !== digest)
      throw new TopicHoldsOther(source.topic, `those of the key ${key} differ`);
  }
  const more = [...there.of].find(([key, { count }]) => count > made.countOf(key));
  if (more) throw new TopicHoldsOther(source.topic, `there are more of the key ${more[0]}`);
  return { messages: made.messages, sent: there.messages };
}

async function chainsAtBrokers(config: KafkaConfig, topic: string, service: string): Promise<Chains> {
  const chains = new Chains();
  const reader = new TopicReader(openKafka(config), topic, service);
  try {
    await reader.readOn(async (records) => {
      for (const record of records) {
        const key = record.key?.toString('utf8') ?? '';
        const message = readMessage(topic, { key, value: record.value });
        chains.add(key, message.position, record.value ?? '');
      }
    });
    return chains;
  } finally {
    await reader.close();
  }
}

interface MessageText {
  readonly key: string;
  readonly position: Position;
  readonly value: string;
}

/** What the publisher sends, as it sends it. */
async function* messagesOf(source: TopicSource, store: EventStore): AsyncIterable<MessageText> {
  if (!(await store.head())) return;
  const last = new Map<string, Position>();
  const done = new AbortController();
  const reading = { consumer: `comparing ${source.topic}`, streams: source.streams, signal: done.signal };
  for await (const { events, caughtUp } of store.subscribe({ ...reading, batchEventsMax: 2_000 })) {
    for (const event of events) {
      const message = messageOf(source, event);
      if (!message) continue;
      const { key, position } = message;
      const previous = last.get(key);
      last.set(key, position);
      yield { key, position, value: toCloudEvent(previous ? { ...message, previous } : message) };
    }
    if (caughtUp) return;
  }
}
