import type { EventStore } from '#event-store/event-store.js';
import type { CheckpointStore } from '#kernel/checkpoint.js';
import type { NewEvent } from '#kernel/domain-event.js';
import type { TopicSource } from '#kernel/message.js';
import { DirectMessaging, type DirectOptions } from '#messaging/direct/direct-messaging.js';
import type { MessagingEngine, Published } from '#messaging/contract-consumer.contract.js';
import { newEvent } from './events.js';

/** What an engine of direct messaging stands on. */
export interface DirectGround {
  readonly store: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly close?: () => Promise<void>;
}

/** Topic of the streams `numbers-<key>`. */
export const numbersTopic = 'mangnon.numbers.v1';
/** Topic of the streams `others-<key>`. */
export const othersTopic = 'mangnon.others.v1';

/** A topic of the events `Numbered` of streams with this prefix; their key is what follows the dash. */
export function numbersOf(name: string, prefix: string): TopicSource {
  return {
    topic: name,
    streams: [prefix],
    translate(event) {
      if (event.type !== 'Numbered') return undefined;
      const key = event.stream.slice(prefix.length);
      const { number } = event.data as { readonly number: number };
      return { type: 'Numbered.v1', subject: `${key}-${String(number)}`, key, data: { number } };
    },
  };
}

/** The two topics of {@link directEngine}. */
export const numberSources = [
  numbersOf(numbersTopic, 'numbers-'),
  numbersOf(othersTopic, 'others-'),
] as const;

/** A new event `Numbered`, or of another type that no topic carries. */
export function numbered(number: number, type = 'Numbered'): NewEvent {
  return newEvent(type, { number });
}

/** Direct messaging as the contract wants it: publishing is appending to the store. */
export function directEngine(ground: DirectGround, options: Partial<DirectOptions> = {}): MessagingEngine {
  const { store, checkpoints } = ground;
  const open = (): DirectMessaging =>
    new DirectMessaging({ store, checkpoints, sources: numberSources, firstPauseMs: 10, ...options });
  let messaging = open();
  const revisions = new Map<string, number>();
  return {
    get messaging() {
      return messaging;
    },
    topic: numbersTopic,
    otherTopic: othersTopic,
    publish: (name, messages) =>
      appendNumbers(store, revisions, name === numbersTopic ? 'numbers-' : 'others-', messages),
    async reopen() {
      const last = messaging;
      messaging = open();
      await last.close();
      return messaging;
    },
    async close() {
      await messaging.close();
      await store.close();
      await ground.close?.();
    },
  };
}

/** Appends what a case publishes to the streams with this prefix; `revisions` remembers where each of them stands. */
export async function appendNumbers(
  store: EventStore,
  revisions: Map<string, number>,
  prefix: string,
  messages: readonly Published[],
): Promise<void> {
  for (const { key, number } of messages) {
    const stream = `${prefix}${key}`;
    const expected = revisions.get(stream) ?? 'no_stream';
    const { revision } = await store.append(stream, [numbered(number)], expected);
    revisions.set(stream, revision);
  }
}
