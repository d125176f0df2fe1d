import type { PeriodEvent } from '#domain/fund/period.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';

/** A closing of a fund's books, or a request to open them again. */
export type PeriodRow = {
  /** Id of the closing's event, or of the request. */
  readonly key: string;
  readonly fund_id: string;
  /** `closing` or `reopening`. */
  readonly kind: string;
  /** The last day closed, or the first to be opened. */
  readonly day: string;
  /** `closed`, `asked`, `opened`, `rejected` or `withdrawn`. */
  readonly status: string;
  readonly asked_by: string;
  readonly decided_by: string | null;
  /** Why it was asked (vault, books); null for a closing. */
  readonly reason_record_id: string | null;
  /** Why somebody said no (vault, books). */
  readonly rejection_record_id: string | null;
  readonly recorded_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** Every closing and reopening of every fund. */
export const periods: Projection<PeriodRow> = {
  name: 'ledger.periods',
  version: 1,
  key: 'key',
  columns: {
    key: 'uuid',
    fund_id: 'uuid',
    kind: 'text',
    day: 'date',
    status: 'text',
    asked_by: 'text',
    decided_by: 'text',
    reason_record_id: 'uuid',
    rejection_record_id: 'uuid',
    recorded_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [{ columns: ['fund_id', 'incarnation', 'number'] }],
  streams: ['fund-'],
  keysOf(event) {
    if (!isOfPeriods(event)) return [];
    return [event.type === 'PeriodClosed' ? event.id : event.data.reopeningId];
  },
  project: (row, event, key) => (isOfPeriods(event) ? projected(row, event, key) : row),
};

const types: Readonly<Record<PeriodEvent['type'], true>> = {
  PeriodClosed: true,
  ReopeningAsked: true,
  PeriodReopened: true,
  ReopeningRejected: true,
  ReopeningWithdrawn: true,
  ReopeningTextsErased: true,
};

function isOfPeriods(event: RecordedEvent): event is RecordedEvent<PeriodEvent> {
  return Object.hasOwn(types, event.type);
}

function projected(
  row: PeriodRow | undefined,
  event: RecordedEvent<PeriodEvent>,
  key: string,
): PeriodRow | undefined {
  switch (event.type) {
    case 'PeriodClosed': {
      const closing = { kind: 'closing', day: event.data.through, status: 'closed' };
      return { ...begun(event, key), ...closing, asked_by: staffOf(event) };
    }
    case 'ReopeningAsked': {
      const { from, requestedBy, reasonRecordId } = event.data;
      const asking = { kind: 'reopening', day: from, status: 'asked', asked_by: requestedBy };
      return { ...begun(event, key), ...asking, reason_record_id: reasonRecordId };
    }
    case 'PeriodReopened':
      return row && { ...row, status: 'opened', decided_by: event.data.approvedBy };
    case 'ReopeningRejected': {
      const { rejectedBy, reasonRecordId } = event.data;
      return (
        row && { ...row, status: 'rejected', decided_by: rejectedBy, rejection_record_id: reasonRecordId }
      );
    }
    case 'ReopeningWithdrawn':
      return row && { ...row, status: 'withdrawn' };
    case 'ReopeningTextsErased':
      return row;
  }
}

function begun(event: RecordedEvent, key: string) {
  const { recordedAt, position } = event;
  return {
    key,
    fund_id: fundIdOf(event),
    decided_by: null,
    reason_record_id: null,
    rejection_record_id: null,
    recorded_at: recordedAt,
    incarnation: position.incarnation,
    number: String(position.number),
  };
}

/** The person whose command it was. */
function staffOf({ actor }: RecordedEvent): string {
  return actor.slice(actor.indexOf(':') + 1);
}
