import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '#kernel/message.js';
import type { BatchHandler, Consumer, ConsumeOptions, Messaging } from '#messaging/messaging.js';

/** What a broken engine does wrong. */
export type MessagingFlaw =
  | 'out of order within a key'
  | 'two calls of one key at once'
  | 'commits before handling'
  | 'drops what was uncommitted when a member leaves'
  | 'lets one bad message hold back other keys'
  | 'skips what failed';

/** Breaks a handler; `left` is aborted when the member leaves. */
type Breaking = (handle: BatchHandler, left: AbortSignal) => BatchHandler;

const breakings: Readonly<Record<MessagingFlaw, () => Breaking>> = {
  'out of order within a key': () => (handle) => (messages) => handle([...messages].reverse()),
  'two calls of one key at once': () => (handle) => async (messages) => {
    await Promise.all(messages.map((message) => handle([message])));
  },
  'commits before handling': () => {
    const queues = new Map<string, Promise<void>>();
    return (handle, left) => async (messages) => {
      const [{ key } = { key: '' }] = messages;
      const before = queues.get(key) ?? Promise.resolve();
      queues.set(
        key,
        before.then(() => persist(handle, messages, left)),
      );
    };
  },
  'drops what was uncommitted when a member leaves': () => (handle, left) => (messages) =>
    persist(handle, messages, left),
  'lets one bad message hold back other keys': () => {
    let queue: Promise<void> = Promise.resolve();
    return (handle, left) => async (messages) => {
      queue = queue.then(() => persist(handle, messages, left));
      await queue;
      if (left.aborted) throw new Error('left');
    };
  },
  'skips what failed': () => (handle) => (messages) => handle(messages).catch(() => undefined),
};

/** Any engine, broken on purpose, so that the contract can be seen to fail on it. */
export function brokenMessaging(sound: Messaging, flaw: MessagingFlaw): Messaging {
  const breaking = breakings[flaw]();
  const members = new Set<AbortController>();
  return {
    async consume(options: ConsumeOptions): Promise<Consumer> {
      const left = new AbortController();
      members.add(left);
      const consumer = await sound.consume({ ...options, handle: breaking(options.handle, left.signal) });
      return {
        stop: () => {
          left.abort();
          return consumer.stop();
        },
      };
    },
    close() {
      for (const left of members) left.abort();
      return sound.close();
    },
  };
}

/** Tries until it is handled, or gives up without a word when the member leaves. */
async function persist(handle: BatchHandler, messages: readonly Message[], left: AbortSignal): Promise<void> {
  while (!left.aborted) {
    try {
      await handle(messages);
      return;
    } catch {
      await delay(5, undefined, { signal: left }).catch(() => undefined);
    }
  }
}
