import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';

/** A vault record that an event names; what nothing names is an orphan. */
export type NamedRecordRow = {
  readonly record_id: string;
  /** Stream of the event that names it first. */
  readonly stream: string;
};

/** Every vault record that this service's events name. */
export const namedRecordProjection: Projection<NamedRecordRow> = {
  name: 'donations.named_record',
  // 2: files of statements, memos of bank items.
  version: 2,
  key: 'record_id',
  columns: { record_id: 'uuid', stream: 'text' },
  streams: ['donation-', 'donor-', 'pledge-', 'statement-', 'bank-item-'],
  keysOf: recordsNamedBy,
  project: (row, event, recordId) => row ?? { record_id: recordId, stream: event.stream },
};

/** The ids of all vault records that an event names, wherever its data keeps them. */
export function recordsNamedBy(event: RecordedEvent): readonly string[] {
  return [...new Set(recordsIn(event.data))];
}

function recordsIn(data: unknown, found: string[] = []): readonly string[] {
  if (typeof data !== 'object' || data === null) return found;
  for (const [name, value] of Object.entries(data) as [string, unknown][])
    if (typeof value === 'object') recordsIn(value, found);
    else if (typeof value === 'string' && name.endsWith('RecordId')) found.push(value);
  return found;
}
