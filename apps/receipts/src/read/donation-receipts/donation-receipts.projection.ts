import type { ReceiptIssued, ReceiptVoided } from '#domain/receipt-book/receipt-book.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import type { Projection } from '#read-models/projection.js';
import { receiptStreams } from '../../streams.js';

/** The receipts of one donation: `ReceiptVoided` names the donation, and here its number is known. */
export type DonationReceiptsRow = {
  readonly donation_id: string;
  readonly fund_id: string;
  /** The receipt in force, if there is one. */
  readonly in_force: string | null;
  /** Every number that the donation got, in order; each replaces the one before it. */
  readonly numbers: readonly string[];
  /** Why and when (RFC 3339) each of them became void, in the same order; shorter by the one in force. */
  readonly void_causes: readonly string[];
  readonly voided_at: readonly string[];
  /** The positions of those events. */
  readonly voided_positions: readonly string[];
  /** `voiding` of the last of these in the book; 0 for none. */
  readonly voiding: number;
};

type Input = RecordedEvent<ReceiptIssued | ReceiptVoided>;

/** Which receipt of each donation is in force. */
export const donationReceipts: Projection<DonationReceiptsRow> = {
  name: 'receipts.donation_receipts',
  // 2: the positions.
  version: 2,
  key: 'donation_id',
  columns: {
    donation_id: 'uuid',
    fund_id: 'uuid',
    in_force: 'text',
    numbers: 'text[]',
    void_causes: 'text[]',
    voided_at: 'text[]',
    voided_positions: 'text[]',
    voiding: 'integer',
  },
  indexes: [{ columns: ['fund_id', 'voiding'] }],
  streams: [receiptStreams.books],
  keysOf: (event) => (isInput(event) ? [donationIdOf(event)] : []),
  project: (row, event, key) => (isInput(event) ? folded(row ?? none(key, event.data.fundId), event) : row),
};

function isInput(event: RecordedEvent): event is Input {
  return event.type === 'ReceiptIssued' || event.type === 'ReceiptVoided';
}

function donationIdOf(event: Input): string {
  return event.type === 'ReceiptIssued' ? event.data.donation.donationId : event.data.donationId;
}

function none(donationId: string, fundId: string): DonationReceiptsRow {
  return {
    donation_id: donationId,
    fund_id: fundId,
    in_force: null,
    ...{ numbers: [], void_causes: [], voided_at: [], voided_positions: [], voiding: 0 },
  };
}

function folded(row: DonationReceiptsRow, event: Input): DonationReceiptsRow {
  if (event.type === 'ReceiptIssued') {
    const { number } = event.data;
    return { ...row, in_force: number, numbers: [...row.numbers, number] };
  }
  const { cause, voiding } = event.data;
  if (row.in_force === null) return { ...row, voiding };
  return {
    ...row,
    in_force: null,
    void_causes: [...row.void_causes, cause],
    voided_at: [...row.voided_at, event.recordedAt],
    voided_positions: [...row.voided_positions, formatPosition(event.position)],
    voiding,
  };
}
