import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';
import { receiptStreams } from '../../streams.js';

/** A vault record that an event of this service names; what nothing names is an orphan. */
export type NamedRecordRow = { readonly record_id: string };

/** Every vault record that this service's events name: PDFs, payers, addresses, reasons. */
export const namedRecords: Projection<NamedRecordRow> = {
  name: 'receipts.named_records',
  version: 1,
  key: 'record_id',
  columns: { record_id: 'uuid' },
  streams: [receiptStreams.all],
  keysOf: (event: RecordedEvent) => [...new Set(recordsIn(event.data))],
  project: (_row, _event, recordId) => ({ record_id: recordId }),
};

/** Ids of records stand in members whose names end so, wherever they are. */
function recordsIn(data: unknown, found: string[] = []): readonly string[] {
  if (typeof data !== 'object' || data === null) return found;
  for (const [name, value] of Object.entries(data) as [string, unknown][])
    if (typeof value === 'object') recordsIn(value, found);
    else if (typeof value === 'string' && name.endsWith('RecordId')) found.push(value);
  return found;
}
