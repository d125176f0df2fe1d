import type { RecordedEvent } from '#kernel/domain-event.js';
import { messageOf as translated } from '#kernel/message-of.js';
import type { Message, TopicSource } from '#kernel/message.js';

/** An event of the producer cannot be translated; the topic stands still there, because nothing may be skipped. */
export class TranslationFailed extends Error {
  override readonly name = 'TranslationFailed';

  constructor(topic: string, event: RecordedEvent, cause: unknown) {
    super(`${topic}: ${event.type} ${event.id} of ${event.stream} cannot be translated`, { cause });
  }
}

/** As {@link translated} has it, for whoever publishes. Throws {@link TranslationFailed}. */
export function messageOf(source: TopicSource, event: RecordedEvent): Message | undefined {
  try {
    return translated(source, event);
  } catch (cause) {
    throw new TranslationFailed(source.topic, event, cause);
  }
}
