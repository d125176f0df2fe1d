import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Position } from '#kernel/position.js';

/** The revision of a stream's last event, or that the stream has none yet. There is no "any". */
export type ExpectedRevision = number | 'no_stream';

/** The most bytes of canonical event data that one append may carry. */
export const appendBytesMax = 1_048_576;

/** Where an append ended up. A repeat of the same ids at the same expected revision gives the same answer. */
export interface Appended {
  /** Revision of the last event appended. */
  readonly revision: number;
  /** Position of the last event appended. */
  readonly position: Position;
  /** When it was recorded (RFC 3339, UTC). */
  readonly recordedAt: string;
}

/** Events in the one total order, as a subscription hands them over. */
export interface EventBatch {
  /** Matching events; may be empty when only the checkpoint moved. */
  readonly events: readonly RecordedEvent[];
  /** The last event scanned, matching or not: what to keep as the consumer's checkpoint. */
  readonly checkpoint: Checkpoint;
  /** Whether nothing newer was in the store when the batch was read. */
  readonly caughtUp: boolean;
}

/** How to subscribe. */
export interface SubscribeOptions {
  /** Name of the consumer, for errors and metrics. */
  readonly consumer: string;
  /** Goes on after this event, which must still stand there; from the first event when absent. */
  readonly after?: Checkpoint;
  /** Hands over only events of streams with one of these prefixes; of all streams when absent. */
  readonly streams?: readonly string[];
  /** At most this many scanned events in a batch; 500 when absent. */
  readonly batchEventsMax?: number;
  /** How long a caught-up subscription may wait to gather a larger batch, in milliseconds; 0 when absent. */
  readonly lingerMs?: number;
  /** Ends the subscription; the iteration then returns. */
  readonly signal: AbortSignal;
}

/**
 * The append-only store. An append is atomic within its one stream and there is no other transaction. Every event has
 * one place in one total order that all subscribers share.
 */
export interface EventStore {
  /**
   * Appends all events or none, durable on return, at most {@link appendBytesMax} bytes and only at the expected
   * revision. The same ids at the same expected revision answer with the first outcome, also after a restart, and
   * write nothing. Throws {@link WrongExpectedVersion} if the stream moved, {@link AppendTooLarge}, {@link AppendMixed}
   * for known ids mixed with new ones, {@link StoreBusy} if it was never tried; any other error is an **unknown
   * outcome**: retry with the same ids at the same revision, or read back. `after` is the id of the event that the caller
   * has seen at the expected revision: where another stands there, since the store was restored, the stream has moved.
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended>;

  /** The stream's events from `fromRevision` (inclusive, 0 when absent) in order, a page at a time; none where there is no stream. */
  read(stream: string, fromRevision?: number): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * Every event after the checkpoint in the one total order, history then live, never skipping one even if appends
   * land out of order. Throws `CheckpointLost` when the checkpoint's event no longer stands where it stood.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch>;

  /** The last event of the store, or undefined when it is empty. */
  head(): Promise<Checkpoint | undefined>;

  /**
   * The incarnation that events appended from now on belong to: 1 at first, one more after each restore. It may be ahead
   * of the last event's, since a restored store need not have been written to.
   */
  incarnation(): Promise<number>;

  /** Waits for appends under way, then lets go of connections; later calls fail. */
  close(): Promise<void>;
}

/** The stream's last revision is not the expected one, or another event stands there than the caller has seen. */
export class WrongExpectedVersion extends Error {
  override readonly name = 'WrongExpectedVersion';

  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(
      actual === expected
        ? `${stream} stands at ${String(actual)} on another event`
        : `${stream} stands at ${String(actual)}, not at ${String(expected)}`,
    );
  }
}

/** The events' data is larger than one append may be; nothing was written. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';

  constructor(readonly bytes: number) {
    super(`${String(bytes)} bytes of event data; one append takes ${String(appendBytesMax)}`);
  }
}

/** Some of the ids are stored already and some are not; nothing was written. */
export class AppendMixed extends Error {
  override readonly name = 'AppendMixed';

  constructor(readonly stream: string) {
    super(`${stream}: part of an earlier append mixed with new events`);
  }
}

/** The store takes no more for now and has not tried; the caller may come again after `retryAfterMs`. */
export class StoreBusy extends Error {
  override readonly name = 'StoreBusy';

  constructor(readonly retryAfterMs: number) {
    super(`the event store is busy; try again in ${String(retryAfterMs)} ms`);
  }
}
