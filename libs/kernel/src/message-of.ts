import type { RecordedEvent } from './domain-event.js';
import type { Message, TopicSource } from './message.js';

/** The message that a topic makes of an event, without `previous`; undefined for what stays private. */
export function messageOf(source: TopicSource, event: RecordedEvent): Message | undefined {
  if (!source.streams.some((prefix) => event.stream.startsWith(prefix))) return undefined;
  const translated = source.translate(event);
  if (!translated) return undefined;
  const { type, subject, key, data } = translated;
  const { id, recordedAt: time, position, actor, correlationId, cause, traceparent } = event;
  const told = { id, topic: source.topic, type, subject, key, time, position, actor, correlationId, cause };
  return traceparent === undefined ? { ...told, data } : { ...told, traceparent, data };
}
