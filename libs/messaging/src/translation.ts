import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource, Translated } from '#kernel/message.js';

/** An event of the producer cannot be translated; the topic stands still there, because nothing may be skipped. */
export class TranslationFailed extends Error {
  override readonly name = 'TranslationFailed';

  constructor(topic: string, event: RecordedEvent, cause: unknown) {
    super(`${topic}: ${event.type} ${event.id} of ${event.stream} cannot be translated`, { cause });
  }
}

function translatedOf(source: TopicSource, event: RecordedEvent): Translated | undefined {
  try {
    return source.translate(event);
  } catch (cause) {
    throw new TranslationFailed(source.topic, event, cause);
  }
}

/** The message that the topic makes of an event, without `previous`; undefined for what stays private. Throws {@link TranslationFailed}. */
export function messageOf(source: TopicSource, event: RecordedEvent): Message | undefined {
  const translated = translatedOf(source, event);
  if (!translated) return undefined;
  const { type, subject, key, data } = translated;
  const { id, position, actor, correlationId, cause, recordedAt: time, traceparent } = event;
  const { topic } = source;
  const message = { id, topic, type, subject, key, time, position, actor, correlationId, cause, data };
  return traceparent === undefined ? message : { ...message, traceparent };
}
