import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';

/** A narration or reason in the vault that an event names; what nothing names is an orphan. */
export type NamedRecordRow = {
  readonly record_id: string;
  /** Stream of the event that names it. */
  readonly stream: string;
};

/** Every narration and reason (vault, books) that the ledger's events name. */
export const namedRecords: Projection<NamedRecordRow> = {
  name: 'ledger.named_records',
  version: 1,
  key: 'record_id',
  columns: { record_id: 'uuid', stream: 'text' },
  streams: ['fund-', 'journal-'],
  keysOf: recordsNamedBy,
  project: (row, event, recordId) => row ?? { record_id: recordId, stream: event.stream },
};

function recordsNamedBy({ data }: RecordedEvent): readonly string[] {
  const { textRecordId, reasonRecordId } = data as {
    readonly textRecordId?: string;
    readonly reasonRecordId?: string;
  };
  return [textRecordId, reasonRecordId].filter((id) => id !== undefined);
}
