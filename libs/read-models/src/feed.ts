import type { RecordedEvent } from '#kernel/domain-event.js';
import { messageOf } from '#kernel/message-of.js';
import type { Message, TopicSource } from '#kernel/message.js';
import { eventsOf } from './apply.js';
import type { EventProjection, MessageProjection } from './projection.js';

/** Messages of topics are not to be had from the store: their sources are not known here. */
export class NoSource extends Error {
  override readonly name = 'NoSource';

  constructor(readonly projection: string) {
    super(
      `${projection}: the sources of its topics are not known in this process, so it cannot be built from the store`,
    );
  }
}

/** How a projection is fed from the event store. */
export interface Feed<Input> {
  /** Prefixes of the streams to read. */
  readonly streams: readonly string[];
  /** What a batch of events of those streams is to the projection, in order. */
  inputsOf(events: readonly RecordedEvent[]): readonly Input[];
}

/** Events as they are. */
export function feedOfEvents(projection: EventProjection): Feed<RecordedEvent> {
  return { streams: projection.streams, inputsOf: (events) => eventsOf(projection, events) };
}

/** Events translated as the topics' publishers do; throws {@link NoSource} unless every topic of the projection has one. */
export function feedOfMessages(
  projection: MessageProjection,
  sources: readonly TopicSource[],
): Feed<Message> {
  const wanted = sources.filter((source) => projection.topics.includes(source.topic));
  if (projection.topics.some((topic) => !wanted.some((source) => source.topic === topic)))
    throw new NoSource(projection.name);
  return {
    streams: [...new Set(wanted.flatMap((source) => source.streams))],
    inputsOf: (events) =>
      events.flatMap((event) => wanted.flatMap((source) => messageOf(source, event) ?? [])),
  };
}
