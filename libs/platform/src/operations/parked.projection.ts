import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent, type InboxEvent } from '#kernel/inbox.js';
import { formatPosition } from '#kernel/position.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { EventProjection, Projection } from '#read-models/projection.js';

/** A message that waits in a stream because its handling failed by our own bug. */
export type ParkedRow = {
  readonly key: string;
  readonly stream: string;
  readonly message_id: string;
  readonly topic: string;
  readonly type: string;
  readonly subject: string;
  /** What went wrong, without data. */
  readonly reason: string;
  /** Source position of the message. */
  readonly source_position: string;
  readonly parked_at: string;
};

/** The table `<service>.parked`: what waits in the service's streams, gone once it is replayed. */
export function parkedProjection(service: string, streams: readonly string[]): EventProjection {
  const projection: Projection<ParkedRow> = {
    name: `${service}.parked`,
    version: 1,
    key: 'key',
    columns: {
      key: 'text',
      stream: 'text',
      message_id: 'text',
      topic: 'text',
      type: 'text',
      subject: 'text',
      reason: 'text',
      source_position: 'text',
      parked_at: 'timestamptz',
    },
    streams,
    keysOf: (event) => (isInboxEvent(event) ? [keyOf(event)] : []),
    project: (_row, event, key) => (isInboxEvent(event) ? rowOf(event, key) : undefined),
  };
  return projection;
}

function keyOf(event: RecordedEvent<InboxEvent>): string {
  const messageId = event.type === 'MessageParked' ? event.data.message.id : event.data.messageId;
  return compositeKey(event.stream, messageId);
}

function rowOf(event: RecordedEvent<InboxEvent>, key: string): ParkedRow | undefined {
  if (event.type === 'MessageReplayed') return undefined;
  const { message, reason } = event.data;
  return {
    key,
    stream: event.stream,
    message_id: message.id,
    topic: message.topic,
    type: message.type,
    subject: message.subject,
    reason,
    source_position: formatPosition(message.position),
    parked_at: event.recordedAt,
  };
}
