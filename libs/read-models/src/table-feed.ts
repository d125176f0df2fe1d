import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource } from '#kernel/message.js';
import { foldTouches } from './apply.js';
import { feedOfEvents, feedOfMessages } from './feed.js';
import { touchesOf } from './fold.js';
import { isMessageProjection, type AnyProjection } from './projection.js';
import type { Sql } from './sql.js';
import { saveWatermarks } from './watermarks.js';

/** What a batch of events is to a table that is being built. */
export interface Fed {
  /** Events, or messages made of them, that are of its streams or topics. */
  readonly inputs: number;
  /** Folds them; absent where none concerns the table. Throws `ProjectionFailed`. */
  readonly fold?: (sql: Sql) => Promise<void>;
}

/** How a table that is being built is fed from the event store. */
export interface TableFeed {
  /** Prefixes of the streams to read. */
  readonly streams: readonly string[];
  /** What events in order are to it, those of other streams among them; throws `ProjectionFailed`. */
  feed(events: readonly RecordedEvent[]): Fed;
}

/** The feed of a projection's next table; throws `NoSource` unless every topic of it has its source among these. */
export function tableFeed(projection: AnyProjection, sources: readonly TopicSource[]): TableFeed {
  if (isMessageProjection(projection)) {
    const source = feedOfMessages(projection, sources);
    const feed = (events: readonly RecordedEvent[]): Fed => {
      const messages = source.inputsOf(events);
      const touches = touchesOf(projection, messages);
      const fold = async (sql: Sql): Promise<void> => {
        await foldTouches(sql, projection, 'next', touches);
        await saveWatermarks(sql, 'next', new Map([[projection, messages]]));
      };
      return { inputs: messages.length, ...(touches.length > 0 && { fold }) };
    };
    return { streams: source.streams, feed };
  }
  const source = feedOfEvents(projection);
  const feed = (events: readonly RecordedEvent[]): Fed => {
    const inputs = source.inputsOf(events);
    const touches = touchesOf(projection, inputs);
    const fold = (sql: Sql): Promise<void> => foldTouches(sql, projection, 'next', touches);
    return { inputs: inputs.length, ...(touches.length > 0 && { fold }) };
  };
  return { streams: source.streams, feed };
}
