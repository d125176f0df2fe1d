import type { Actor, Cause, RecordedEvent } from './domain-event.js';
import type { Position } from './position.js';

/**
 * An integration event on its way between services. Order is owed per `subject`; `key` (the fund) says which partition.
 * It travels as a structured CloudEvent 1.0; it never carries personal data.
 */
export interface Message<Type extends string = string, Data extends object = object> {
  /** The id of the source event; the same when sent twice. */
  readonly id: string;
  readonly topic: string;
  /** Name and version of the contract, such as `EntryPosted.v1`. */
  readonly type: Type;
  readonly subject: string;
  readonly key: string;
  /** When the source event was recorded (RFC 3339, UTC). */
  readonly time: string;
  /** Position of the source event: what consumers measure "already handled" by. */
  readonly position: Position;
  /** Position of the message before it with the same key, where the sender knows it; a gap stops the key. */
  readonly previous?: Position;
  readonly actor: Actor;
  readonly correlationId: string;
  /** Why the source event exists, where the sender tells it. */
  readonly cause?: Cause;
  /** Where in a trace it was sent (W3C Trace Context); only of what is traced. */
  readonly traceparent?: string;
  readonly data: Data;
}

/** What a service's `out/` makes of one of its events; the sender adds the rest. */
export interface Translated<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly subject: string;
  readonly key: string;
  readonly data: Data;
}

/** A topic as its one publisher sees it: pure translation of the service's own events, undefined for what stays private. */
export interface TopicSource {
  readonly topic: string;
  /** Prefixes of the streams that feed it, such as `donation-`. */
  readonly streams: readonly string[];
  translate(event: RecordedEvent): Translated | undefined;
}
