import type { RecordedEvent } from './domain-event.js';
import type { Message, TopicSource } from './message.js';

/** The message that a topic makes of an event, without `previous`; undefined for what stays private. */
export function messageOf(source: TopicSource, event: RecordedEvent): Message | undefined {
  if (!source.streams.some((prefix) => event.stream.startsWith(prefix))) return undefined;
  const translated = source.translate(event);
  return (
    translated && {
      ...translated,
      id: event.id,
      topic: source.topic,
      time: event.recordedAt,
      position: event.position,
      actor: event.actor,
      correlationId: event.correlationId,
      cause: event.cause,
      ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
    }
  );
}
