import type { Message } from '#kernel/message.js';

/** A key whose messages wait until somebody releases it. */
export interface HeldKey {
  readonly topic: string;
  readonly key: string;
  /** The error's name and text, without data. */
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly heldAt: string;
  readonly messages: number;
}

/** Where one group keeps the messages of its held keys, in the order of their positions, each message once. */
export interface HoldStore {
  /** Holds the key from these messages on; the reason of a key that is held already stays. */
  hold(topic: string, key: string, reason: string, messages: readonly Message[]): Promise<void>;
  isHeld(topic: string, key: string): Promise<boolean>;
  /** Keeps the messages behind the others if the key is held; false, keeping nothing, if it is not. One step. */
  divert(topic: string, key: string, messages: readonly Message[]): Promise<boolean>;
  /** The first messages of the key, at most `max`. */
  next(topic: string, key: string, max: number): Promise<readonly Message[]>;
  /** Deletes what has been handled. */
  remove(topic: string, key: string, messageIds: readonly string[]): Promise<void>;
  /** Ends the hold if no message waits; false while some do. One step. */
  letGo(topic: string, key: string): Promise<boolean>;
  /** All held keys, the longest held first. */
  keys(): Promise<readonly HeldKey[]>;
}
