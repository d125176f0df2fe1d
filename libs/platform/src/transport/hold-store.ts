import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';

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
  /**
   * Holds the key from these messages on; `passed` is the position of the last message of the key that was handled before
   * them, where that is known. Reason and position of a key that is held already stay.
   */
  hold(
    topic: string,
    key: string,
    reason: string,
    messages: readonly Message[],
    passed?: Position,
  ): Promise<void>;
  isHeld(topic: string, key: string): Promise<boolean>;
  /** Keeps the messages behind the others if the key is held; false, keeping nothing, if it is not. One step. */
  divert(topic: string, key: string, messages: readonly Message[]): Promise<boolean>;
  /** The first messages of the key, at most `max`. */
  next(topic: string, key: string, max: number): Promise<readonly Message[]>;
  /** Where the last message of the key stands that was handled; undefined where that was never known. */
  passed(topic: string, key: string): Promise<Position | undefined>;
  /** Deletes messages that have been handled, in order, and notes the last as passed, if none later was. One step. */
  remove(topic: string, key: string, messages: readonly Message[]): Promise<void>;
  /** Ends the hold if no message waits; false while some do. One step. */
  letGo(topic: string, key: string): Promise<boolean>;
  /** Notes that these dead letters of a key were read again and handled: the last by position, if none later was. */
  noteReadAgain(topic: string, key: string, messages: readonly Message[]): Promise<void>;
  /** Where the last dead letter of the key stands that was read again and handled; undefined without one. */
  readAgain(topic: string, key: string): Promise<Position | undefined>;
  /** All held keys, the longest held first. */
  keys(): Promise<readonly HeldKey[]>;
}
