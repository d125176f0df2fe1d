import type { Message } from '#kernel/message.js';
import { systemClock } from '#platform/clock.js';
import type { HoldStore } from '#platform/transport/hold-store.js';
import { InMemoryHoldStore } from '#platform/transport/in-memory-hold-store.js';
import { changed } from './changed.js';

function broken(breaking: (sound: HoldStore) => Partial<HoldStore>): () => HoldStore {
  return () => {
    const sound = new InMemoryHoldStore(systemClock);
    return changed<HoldStore>(sound, breaking(sound));
  };
}

const anyTopic = 'any';

/** Hold stores with one fault each, by the fault; the contract must fail on every one. */
export const brokenHoldStores = {
  'gives messages back in another order': broken((sound) => ({
    next: async (topic, key, max) => (await sound.next(topic, key, max)).toReversed(),
  })),
  'keeps a message twice that is held twice': broken((sound) => {
    let nth = 0;
    const another = (message: Message): Message => ({
      ...message,
      id: `${message.id} ${String((nth += 1))}`,
    });
    return {
      hold: (topic, key, reason, messages, passed) =>
        sound.hold(topic, key, reason, messages.map(another), passed),
      next: async (topic, key, max) =>
        (await sound.next(topic, key, max)).map((message) => ({
          ...message,
          id: message.id.split(' ')[0] ?? '',
        })),
    };
  }),
  'takes a key of two topics for one': broken((sound) => ({
    hold: (_topic, key, ...held) => sound.hold(anyTopic, key, ...held),
    isHeld: (_topic, key) => sound.isHeld(anyTopic, key),
  })),
  'keeps messages of a key that is not held': broken((sound) => ({
    divert: (topic, key, messages) => sound.hold(topic, key, 'diverted', messages).then(() => true),
  })),
  'lets go of a key while messages of it wait': broken((sound) => ({
    letGo: async (topic, key) => {
      const waiting = await sound.next(topic, key, Number.MAX_SAFE_INTEGER);
      await sound.remove(topic, key, waiting);
      return sound.letGo(topic, key);
    },
  })),
  'forgets what was handled before the hold': broken(() => ({ passed: () => Promise.resolve(undefined) })),
  'forgets which dead letters were read again': broken(() => ({
    readAgain: () => Promise.resolve(undefined),
  })),
  'looks first and diverts afterwards': broken((sound) => ({
    divert: async (topic, key, messages) => {
      const held = await sound.isHeld(topic, key);
      await new Promise(setImmediate);
      await sound.divert(topic, key, messages);
      return held;
    },
  })),
} as const satisfies Record<string, () => HoldStore>;
