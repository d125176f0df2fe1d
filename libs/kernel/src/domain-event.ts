import type { Position } from './position.js';

/** Something that happened, in the past tense, as the domain writes it: plain JSON data without metadata. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
  /** Version of the data's shape; 1 when absent. */
  readonly schemaVersion?: number;
}

/** Who did it: a person by staff id, a service answering a message, or the system at set-up. Never a name. */
export type Actor = `staff:${string}` | `service:${string}` | `system:${string}`;

/** Why an event exists: a command, the message that it answers, or an earlier event whose due date has come. */
export type Cause =
  | { readonly kind: 'command'; readonly id: string }
  | { readonly kind: 'event'; readonly eventId: string }
  | {
      readonly kind: 'message';
      readonly topic: string;
      readonly position: Position;
      readonly eventId: string;
    };

/** What is recorded with an event besides its data. Ids are UUIDs; nothing here is personal data. */
export interface EventMetadata {
  readonly actor: Actor;
  /** The command (or message) that made the event; equal for all events of one decision. */
  readonly commandId: string;
  /** Keyed digest of the command's body, to tell a repeat from another body under the same key. */
  readonly commandDigest?: string;
  readonly cause: Cause;
  /** Equal for everything that followed from one first command. */
  readonly correlationId: string;
  /** 128 random bits in base64url, so that a published hash of the event cannot be guessed. */
  readonly salt: string;
  /** Where in a trace it was appended (W3C Trace Context); only of what was traced, and nothing is decided by it. */
  readonly traceparent?: string;
}

/** An event on its way into the store. Its id is made once and kept through retries. */
export interface NewEvent<Event extends DomainEvent = DomainEvent> extends EventMetadata {
  readonly id: string;
  readonly type: Event['type'];
  readonly schemaVersion: number;
  readonly data: Event['data'];
}

/** An event as the store gives it back; it never changes again. */
export type RecordedEvent<Event extends DomainEvent = DomainEvent> = Event extends DomainEvent
  ? EventMetadata & {
      readonly id: string;
      readonly type: Event['type'];
      readonly schemaVersion: number;
      readonly data: Event['data'];
      readonly stream: string;
      /** Place in its stream, from 0 without gap. */
      readonly revision: number;
      readonly position: Position;
      /** Where the engine resumes after this event; opaque. */
      readonly cursor: string;
      /** RFC 3339 instant in UTC; never runs backwards along positions. */
      readonly recordedAt: string;
    }
  : never;
