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
  if (!hasSources(projection, sources)) throw new NoSource(projection.name);
  return {
    streams: [...new Set(wanted.flatMap((source) => source.streams))],
    inputsOf: (events) => {
      const made = wanted.map((source) => translatedBy(source, events));
      return events.flatMap((_, at) => made.flatMap((messages) => messages[at] ?? []));
    },
  };
}

/** Whether every topic of the projection has its source among these. */
export function hasSources({ topics }: MessageProjection, sources: readonly TopicSource[]): boolean {
  return topics.every((topic) => sources.some((source) => source.topic === topic));
}

type Translated = readonly (Message | undefined)[];

const translated = new WeakMap<readonly RecordedEvent[], Map<TopicSource, Translated>>();

/** What a source makes of each event of a batch: made once, for all tables that the batch is given to. */
function translatedBy(source: TopicSource, events: readonly RecordedEvent[]): Translated {
  let bySource = translated.get(events);
  if (!bySource) translated.set(events, (bySource = new Map<TopicSource, Translated>()));
  let messages = bySource.get(source);
  if (!messages) bySource.set(source, (messages = events.map((event) => messageOf(source, event))));
  return messages;
}
