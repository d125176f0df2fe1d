import type { DonationEvent, DonationRecorded, DonationSource } from '#domain/donation/donation.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A donation as lists show it: no personal name, only the record that has it. */
export type DonationRow = {
  readonly donation_id: string;
  readonly fund_id: string;
  /** `standing`, `refunded` or `voided`. */
  readonly status: string;
  readonly donor_kind: string;
  readonly donor_id: string | null;
  readonly donor_class: string | null;
  readonly in_province: boolean | null;
  readonly organisation: string | null;
  readonly identity_record_id: string | null;
  readonly method: string;
  readonly account: string | null;
  /** Minor units, null in kind. */
  readonly amount: string | null;
  readonly currency: string | null;
  /** What still stands of it in minor units, less refunds and nothing once voided; null in kind. */
  readonly left_amount: string | null;
  /** Names of what came in kind. */
  readonly items: readonly string[];
  readonly purpose: string;
  readonly campaign_id: string | null;
  readonly pledge_id: string | null;
  readonly received_on: string;
  readonly language: string;
  /** The bank statement that it was read from; null where somebody entered it. */
  readonly statement_id: string | null;
  readonly recorded_at: string;
  /** Actor who recorded it. */
  readonly recorded_by: string;
  readonly incarnation: number;
  /** Position's number of the recording; with the incarnation it is the order of lists. */
  readonly number: string;
  /** `refund`, `void` or `match` while one has no outcome. */
  readonly pending: string | null;
  readonly pending_id: string | null;
  /** `requested` or `approved`. */
  readonly pending_step: string | null;
  /** What the pending refund would leave. */
  readonly pending_left: string | null;
  readonly pending_full: boolean | null;
};

/** The list of donations. */
export const donationProjection: Projection<DonationRow> = {
  name: 'donations.donation',
  // 2: nothing is left of what was voided. 3: the statement that it was read from. 4: matches.
  version: 4,
  key: 'donation_id',
  columns: {
    donation_id: 'uuid',
    fund_id: 'uuid',
    status: 'text',
    donor_kind: 'text',
    donor_id: 'uuid',
    donor_class: 'text',
    in_province: 'boolean',
    organisation: 'text',
    identity_record_id: 'uuid',
    method: 'text',
    account: 'text',
    amount: 'numeric',
    currency: 'text',
    left_amount: 'numeric',
    items: 'text[]',
    purpose: 'text',
    campaign_id: 'uuid',
    pledge_id: 'uuid',
    received_on: 'date',
    language: 'text',
    statement_id: 'uuid',
    recorded_at: 'timestamptz',
    recorded_by: 'text',
    incarnation: 'integer',
    number: 'bigint',
    pending: 'text',
    pending_id: 'uuid',
    pending_step: 'text',
    pending_left: 'numeric',
    pending_full: 'boolean',
  },
  indexes: [
    { columns: ['fund_id', 'incarnation', 'number'] },
    { columns: ['donor_id', 'received_on'] },
    { columns: ['identity_record_id'] },
    { columns: ['campaign_id'] },
    { columns: ['fund_id', 'pending'] },
    { columns: ['fund_id', 'received_on'] },
    { columns: ['statement_id'] },
  ],
  streams: ['donation-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('donation-'.length)]),
  project: (row, event) => {
    const known = event as RecordedEvent<DonationEvent>;
    if (known.type === 'DonationRecorded') return recorded(known);
    return row && undoing(row, known);
  },
};

const nothingPending = {
  pending: null,
  pending_id: null,
  pending_step: null,
  pending_left: null,
  pending_full: null,
} as const;

function recorded(event: RecordedEvent<DonationRecorded>): DonationRow {
  const { fundId, source, readFrom } = event.data;
  return {
    donation_id: source.donationId,
    fund_id: fundId,
    status: 'standing',
    ...donorColumns(source.donor),
    ...moneyColumns(source),
    items: source.items.map((item) => item.name),
    ...answeredColumns(source),
    received_on: source.receivedOn,
    language: source.language,
    statement_id: readFrom?.statementId ?? null,
    recorded_at: event.recordedAt,
    recorded_by: event.actor,
    incarnation: event.position.incarnation,
    number: event.position.number.toString(),
    ...nothingPending,
  };
}

function moneyColumns({ method, account, amount }: DonationSource) {
  return {
    method,
    account: account ?? null,
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    left_amount: amount?.amount ?? null,
  };
}

function answeredColumns({ purpose, campaignId, pledgeId }: DonationSource) {
  return { purpose, campaign_id: campaignId ?? null, pledge_id: pledgeId ?? null };
}

function donorColumns(donor: DonationSource['donor']) {
  if (donor.kind !== 'named')
    return {
      ...{ donor_kind: donor.kind, donor_id: null, donor_class: null, in_province: null },
      ...{ organisation: null, identity_record_id: null },
    };
  return {
    donor_kind: donor.kind,
    donor_id: donor.donorId ?? null,
    donor_class: donor.class,
    in_province: donor.inProvince,
    organisation: donor.organisation ?? null,
    identity_record_id: donor.identityRecordId,
  };
}

function undoing(
  row: DonationRow,
  event: RecordedEvent<Exclude<DonationEvent, DonationRecorded>>,
): DonationRow {
  switch (event.type) {
    case 'RefundRequested': {
      const { refundId, left, full } = event.data;
      const asked = { pending: 'refund', pending_id: refundId, pending_step: 'requested' };
      return { ...row, ...asked, pending_left: left?.amount ?? null, pending_full: full };
    }
    case 'VoidRequested':
      return {
        ...row,
        ...nothingPending,
        pending: 'void',
        pending_id: event.data.voidId,
        pending_step: 'requested',
      };
    case 'RefundApproved':
    case 'VoidApproved':
      return { ...row, pending_step: 'approved' };
    case 'RefundCompleted': {
      const status = row.pending_full === true ? 'refunded' : row.status;
      return { ...row, ...nothingPending, status, left_amount: row.pending_left };
    }
    case 'VoidCompleted':
      return {
        ...row,
        ...nothingPending,
        status: 'voided',
        left_amount: row.left_amount === null ? null : '0',
      };
    case 'PersonalDataErased':
      return row;
    case 'DonationMatched':
    case 'DonationMatchUndone':
      return {
        ...row,
        ...nothingPending,
        pending: 'match',
        pending_id: event.data.matchId,
        pending_step: 'approved',
      };
    case 'MatchCompleted': {
      const { source } = event.data;
      return { ...row, ...nothingPending, ...donorColumns(source.donor), ...answeredColumns(source) };
    }
    case 'MatchDeclined':
    case 'RefundRejected':
    case 'RefundWithdrawn':
    case 'RefundDeclined':
    case 'VoidRejected':
    case 'VoidWithdrawn':
    case 'VoidDeclined':
      return { ...row, ...nothingPending };
  }
}
