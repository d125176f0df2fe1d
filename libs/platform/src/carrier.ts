import type { EventStore } from '#event-store/event-store.js';
import type { CheckpointStore } from '#kernel/checkpoint.js';
import type { TopicSource } from '#kernel/message.js';
import type { Backlog } from '#messaging/backlog.js';
import { DirectBacklog } from '#messaging/direct/direct-backlog.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import type { Messaging } from '#messaging/messaging.js';

/** What carries messages for a process. */
export interface Carrier {
  readonly messaging: Messaging;
  /** How far behind those are who handle topics. */
  readonly backlog: Backlog;
  /**
   * When the oldest event was recorded that its topic has not got yet (RFC 3339, UTC), of a topic that the process
   * publishes; undefined where the topic has all, as where nothing needs sending.
   */
  oldestUnsent(topic: string): Promise<string | undefined>;
  /**
   * Begins to send what the process publishes, where that needs sending; `onStopped` is told of a topic that cannot go on.
   * Throws what keeps it from beginning.
   */
  publish(onStopped: (topic: string, cause: unknown) => void): Promise<void>;
  /** Stops consumers and publishers. */
  close(): Promise<void>;
}

type OnTrouble = (where: string, cause: unknown) => void;

/** Background reading waits so long for more, in milliseconds: waking on every append makes tiny batches. */
export const lingerMs = 20;

/** What a carrier within one process runs on. */
export interface DirectCarrierOptions {
  readonly store: EventStore;
  /** Every topic. */
  readonly sources: readonly TopicSource[];
  readonly checkpoints: CheckpointStore;
  readonly onTrouble: OnTrouble;
}

/** Within one process: a topic is its producer's events, so there is nothing to send. */
export function directCarrier({ onTrouble, ...parts }: DirectCarrierOptions): Carrier {
  const messaging = new DirectMessaging({ ...parts, lingerMs, onTrouble });
  return {
    messaging,
    backlog: new DirectBacklog(parts),
    oldestUnsent: () => Promise.resolve(undefined),
    publish: () => Promise.resolve(),
    close: () => messaging.close(),
  };
}
