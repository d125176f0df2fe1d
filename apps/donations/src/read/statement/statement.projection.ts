import type { StatementEvent, StatementUploaded } from '#domain/statement/statement.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A bank's statement as lists show it; sums in minor units. */
export type StatementRow = {
  readonly statement_id: string;
  readonly fund_id: string;
  readonly account: string;
  readonly currency: string;
  /** Name of the profile that it was read by. */
  readonly profile: string;
  /** `uploaded`, `confirmed`, `imported` or `discarded`. */
  readonly status: string;
  readonly rows: number;
  readonly credits: string;
  readonly debits: string;
  readonly opening: string;
  readonly closing: string;
  readonly breaks: number;
  readonly first_on: string;
  readonly last_on: string;
  /** Keyed hash of the file's bytes. */
  readonly digest: string;
  /** Keyed hash of what its rows say; null of a statement that was read before that was kept. */
  readonly rows_digest: string | null;
  readonly uploaded_at: string;
  readonly uploaded_by: string;
  readonly incarnation: number;
  readonly number: string;
  /** Number of the event that confirmed it; null where nobody has. */
  readonly confirmed_number: string | null;
};

/** The statements of every fund. */
export const statementProjection: Projection<StatementRow> = {
  name: 'donations.statement',
  // 2: tells in which order they were confirmed. 3: tells the same file. 4: by its rows. 5: or by its bytes, of old.
  version: 5,
  key: 'statement_id',
  columns: {
    statement_id: 'uuid',
    fund_id: 'uuid',
    account: 'text',
    currency: 'text',
    profile: 'text',
    status: 'text',
    rows: 'integer',
    credits: 'numeric',
    debits: 'numeric',
    opening: 'numeric',
    closing: 'numeric',
    breaks: 'integer',
    first_on: 'date',
    last_on: 'date',
    digest: 'text',
    rows_digest: 'text',
    uploaded_at: 'timestamptz',
    uploaded_by: 'text',
    incarnation: 'integer',
    number: 'bigint',
    confirmed_number: 'bigint',
  },
  indexes: [
    { columns: ['fund_id', 'incarnation', 'number'] },
    { columns: ['status'] },
    { columns: ['rows_digest'] },
    { columns: ['digest'] },
  ],
  streams: ['statement-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('statement-'.length)]),
  project: (row, event) => projected(row, event as RecordedEvent<StatementEvent>),
};

function projected(
  row: StatementRow | undefined,
  event: RecordedEvent<StatementEvent>,
): StatementRow | undefined {
  if (event.type === 'StatementUploaded') return uploaded(event);
  if (!row) return undefined;
  switch (event.type) {
    case 'StatementConfirmed':
      return { ...row, status: 'confirmed', confirmed_number: event.position.number.toString() };
    case 'StatementImported':
      return { ...row, status: 'imported' };
    case 'StatementDiscarded':
      return { ...row, status: 'discarded' };
  }
}

function uploaded({ data, position, recordedAt }: RecordedEvent<StatementUploaded>): StatementRow {
  const { statementId, fundId, account, currency, profile, totals, file, uploadedBy } = data;
  return {
    ...{ statement_id: statementId, fund_id: fundId, account, currency, profile: profile.name },
    status: 'uploaded',
    ...{ rows: totals.rows, credits: totals.credits.amount, debits: totals.debits.amount },
    ...{ opening: totals.opening.amount, closing: totals.closing.amount, breaks: totals.breaks.length },
    ...{ first_on: totals.firstOn, last_on: totals.lastOn },
    ...{ digest: file.digest, rows_digest: file.rowsDigest ?? null },
    ...{ uploaded_at: recordedAt, uploaded_by: uploadedBy },
    ...{ incarnation: position.incarnation, number: position.number.toString() },
    confirmed_number: null,
  };
}
