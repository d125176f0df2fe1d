import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';

/** A vault record that an event names; what nothing names is left over from a command that was refused. */
export type NamedRecordRow = {
  readonly record_id: string;
  /** Stream of the event that names it first. */
  readonly stream: string;
};

/** Every vault record that this service's events name. */
export const namedRecordProjection: Projection<NamedRecordRow> = {
  name: 'access.named_record',
  version: 1,
  key: 'record_id',
  columns: { record_id: 'uuid', stream: 'text' },
  streams: ['staff-'],
  keysOf: recordsNamedBy,
  project: (row, event, recordId) => row ?? { record_id: recordId, stream: event.stream },
};

/** The ids of the vault records in an event's data: every member named `…RecordId`. */
export function recordsNamedBy(event: RecordedEvent): readonly string[] {
  const ids = Object.entries(event.data).flatMap(([name, value]: [string, unknown]) =>
    name.endsWith('RecordId') && typeof value === 'string' ? [value] : [],
  );
  return [...new Set(ids)];
}
