import type { JournalEvent } from '#domain/journal/journal.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import { canonicalJson } from '#kernel/json.js';
import type { Projection } from '#read-models/projection.js';

/** A journal as lists show it. */
export type JournalRow = {
  readonly journal_id: string;
  readonly fund_id: string;
  readonly kind: string;
  /** `drafted`, `approved`, `rejected`, `withdrawn`, `posted` or `refused`. */
  readonly status: string;
  readonly effective_on: string;
  readonly drafted_by: string;
  readonly decided_by: string | null;
  readonly reverses_entry_id: string | null;
  readonly entry_id: string | null;
  readonly refusal_code: string | null;
  /** Its lines as canonical JSON. */
  readonly lines: string;
  readonly recorded_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** Every journal, those that never stood in the books included. */
export const journals: Projection<JournalRow> = {
  name: 'ledger.journals',
  version: 1,
  key: 'journal_id',
  columns: {
    journal_id: 'uuid',
    fund_id: 'uuid',
    kind: 'text',
    status: 'text',
    effective_on: 'date',
    drafted_by: 'text',
    decided_by: 'text',
    reverses_entry_id: 'text',
    entry_id: 'text',
    refusal_code: 'text',
    lines: 'text',
    recorded_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [{ columns: ['fund_id', 'incarnation', 'number'] }],
  streams: ['journal-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('journal-'.length)]),
  project: (row, event, key) => projected(row, event as RecordedEvent<JournalEvent>, key),
};

function projected(
  row: JournalRow | undefined,
  event: RecordedEvent<JournalEvent>,
  key: string,
): JournalRow | undefined {
  if (event.type === 'JournalDrafted') return drafted(event, key);
  if (!row) return undefined;
  switch (event.type) {
    case 'JournalApproved':
      return { ...row, status: 'approved', decided_by: event.data.approvedBy };
    case 'JournalRejected':
      return { ...row, status: 'rejected', decided_by: event.data.rejectedBy };
    case 'JournalWithdrawn':
      return { ...row, status: 'withdrawn' };
    case 'JournalCompleted':
      return { ...row, status: 'posted', entry_id: event.data.entryId };
    case 'JournalDeclined':
      return { ...row, status: 'refused', refusal_code: event.data.code };
    case 'JournalTextsErased':
      return row;
  }
}

function drafted(
  { data, recordedAt, position }: RecordedEvent<Extract<JournalEvent, { readonly type: 'JournalDrafted' }>>,
  key: string,
): JournalRow {
  return {
    journal_id: key,
    fund_id: data.fundId,
    kind: data.kind,
    status: 'drafted',
    effective_on: data.effectiveOn,
    drafted_by: data.draftedBy,
    decided_by: null,
    reverses_entry_id: data.reversesEntryId ?? null,
    entry_id: null,
    refusal_code: null,
    lines: canonicalJson(data.postings),
    recorded_at: recordedAt,
    incarnation: position.incarnation,
    number: String(position.number),
  };
}
