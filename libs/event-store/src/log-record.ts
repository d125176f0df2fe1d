import { decodeEvent, encodeEvent, type EncodedEvent, type Placed } from './encoding.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';

/** An event as it lies in a log: its texts byte for byte, where it stands and when it was recorded. */
export type LogRecord = EncodedEvent & Omit<Placed, 'cursor'>;

/** All records of a log in their order, a page at a time. */
export type LogPages = AsyncIterable<readonly LogRecord[]>;

/** The record that an event of the port stands for. */
export function recordOf(event: RecordedEvent): LogRecord {
  const { stream, revision, position, recordedAt } = event;
  return { ...encodeEvent(event), stream, revision, position, recordedAt };
}

/** The records of events that come a page at a time. */
export async function* recordsOfEvents(pages: AsyncIterable<readonly RecordedEvent[]>): LogPages {
  for await (const page of pages) yield page.map(recordOf);
}

/** The event that a record is, without a cursor of any engine. */
export function eventOf(record: LogRecord): RecordedEvent {
  return decodeEvent(record, { ...record, cursor: '' });
}

/** The first part in which two records differ, by name and without its contents; undefined where they are the same. */
export function differenceOf(a: LogRecord, b: LogRecord): string | undefined {
  const parts = {
    stream: [a.stream, b.stream],
    revision: [a.revision, b.revision],
    id: [a.id, b.id],
    position: [formatPosition(a.position), formatPosition(b.position)],
    type: [a.type, b.type],
    'schema version': [a.schemaVersion, b.schemaVersion],
    time: [a.recordedAt, b.recordedAt],
    metadata: [a.metadata, b.metadata],
    data: [a.data, b.data],
  } as const;
  return Object.entries(parts).find(([, [one, other]]) => one !== other)?.[0];
}
