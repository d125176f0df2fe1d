import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';

/** What `SubscribeOptions` means by an absent `batchEventsMax`. */
export const batchEventsMaxDefault = 500;

/** The checkpoint of a consumer whose last handled event this is. */
export function checkpointOf(event: Pick<RecordedEvent, 'cursor' | 'position' | 'id'>): Checkpoint {
  return { cursor: event.cursor, position: event.position, eventId: event.id };
}

/** Whether the stream has one of the prefixes; every stream does where none are given. */
export function inStreams(stream: string, prefixes: readonly string[] | undefined): boolean {
  return prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
}
