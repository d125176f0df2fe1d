import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';

/**
 * Handles messages of ONE key, in order. When it resolves they count as handled; when it rejects all of them come
 * again, after a pause, while other keys go on. What lies at or before `passed` the group has behind it, whichever member
 * had it; undefined where that is not known. They come `again` where they could not be read when it was their turn, and
 * somebody has put them before the group once more.
 */
export type BatchHandler = (
  messages: readonly Message[],
  passed?: Position,
  again?: boolean,
) => Promise<void>;

/** What a consumer joins with. */
export interface ConsumeOptions {
  /** Members of one group share the keys; each message is handled by one of them. */
  readonly group: string;
  readonly topic: string;
  readonly handle: BatchHandler;
  /**
   * Only messages of these types are handed over, as if the topic held no others: `previous` names the one before among
   * them. The first of a key that a member sees may name none: what stood before it, another member may have handled.
   * All when absent. A group must not widen them while a key of it is held.
   */
  readonly types?: ReadonlySet<string>;
  /**
   * Told of a message of another type that could not be read when it was its turn, and now was: it is not missing any more.
   * Where it rejects, the message comes again.
   */
  readonly onUnwanted?: (message: Message) => Promise<void>;
  /** At most this many messages of a key in one call; 500 when absent. */
  readonly batchMessagesMax?: number;
  /** Called once if the consumer cannot go on at all (for example `CheckpointLost`); it is stopped by then. */
  readonly onStopped?: (cause: unknown) => void;
}

/** One joined member. */
export interface Consumer {
  /** Finishes what is being handled, commits it, leaves; never commits what was not handled. */
  stop(): Promise<void>;
}

/** Topics between services: at least once, in order per key, committed after handling. */
export interface Messaging {
  /** Joins a group; delivery begins at the group's last commit, or at the topic's first message. */
  consume(options: ConsumeOptions): Promise<Consumer>;
  /** Stops every consumer of this instance. */
  close(): Promise<void>;
}
