import type { DonationEvent, DonationRecorded, DonationSource } from '#domain/donation/donation.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import { formatPosition } from '#kernel/position.js';
import type { Projection } from '#read-models/projection.js';

/** What reports by donor class count of a donation, from one event of it to the next; sums in minor units. */
export interface Standing {
  readonly recordedAt: string;
  /** `incarnation.number` of that event. */
  readonly position: string;
  /** Of a named donor the class, else `anonymous` or `unidentified`. */
  readonly donorClass: string;
  /** Whether the donor was at home in the province: `inside`, `outside`, or `unknown` where nobody is named. */
  readonly place: string;
  /** Null in kind. */
  readonly currency: string | null;
  readonly received: string;
  readonly refunds: number;
  readonly refunded: string;
  readonly isVoid: boolean;
  readonly voided: string;
}

/** A donation with all that it was, one after the other. */
export type DonorClassRow = {
  readonly donation_id: string;
  readonly fund_id: string;
  readonly received_on: string;
  /** A list of {@link Standing} as canonical JSON, in order. */
  readonly standings: string;
  /** What the refund that was asked for last would leave. */
  readonly asked_left: string | null;
};

/** Who gave, by class and place, at every instant. */
export const donorClassProjection: Projection<DonorClassRow> = {
  name: 'donations.donor_class',
  version: 1,
  key: 'donation_id',
  columns: {
    donation_id: 'uuid',
    fund_id: 'uuid',
    received_on: 'date',
    standings: 'text',
    asked_left: 'numeric',
  },
  indexes: [{ columns: ['fund_id', 'received_on'] }],
  streams: ['donation-'],
  keysOf: (event) => (counted.has(event.type) ? [event.stream.slice('donation-'.length)] : []),
  project: (row, event) => {
    const known = event as RecordedEvent<DonationEvent>;
    if (known.type === 'DonationRecorded') return recorded(known);
    return row && changed(row, known);
  },
};

const counted: ReadonlySet<string> = new Set<DonationEvent['type']>([
  'DonationRecorded',
  'RefundRequested',
  'RefundCompleted',
  'VoidCompleted',
  'MatchCompleted',
]);

function recorded(event: RecordedEvent<DonationRecorded>): DonorClassRow {
  const { fundId, source } = event.data;
  const standing: Standing = {
    ...seenIn(event),
    ...donorOf(source),
    currency: source.amount?.currency ?? null,
    received: source.amount?.amount ?? '0',
    ...{ refunds: 0, refunded: '0', isVoid: false, voided: '0' },
  };
  return {
    donation_id: source.donationId,
    fund_id: fundId,
    received_on: source.receivedOn,
    standings: canonicalJson([standing]),
    asked_left: null,
  };
}

function changed(row: DonorClassRow, event: RecordedEvent<DonationEvent>): DonorClassRow {
  if (event.type === 'RefundRequested') return { ...row, asked_left: event.data.left?.amount ?? null };
  const standings = JSON.parse(row.standings) as readonly Standing[];
  const last = standings.at(-1);
  const change = last && changeBy(last, row.asked_left, event);
  if (!change) return row;
  return { ...row, standings: canonicalJson([...standings, { ...last, ...seenIn(event), ...change }]) };
}

function changeBy(
  last: Standing,
  askedLeft: string | null,
  event: RecordedEvent<DonationEvent>,
): Partial<Standing> | undefined {
  const received = BigInt(last.received);
  switch (event.type) {
    case 'RefundCompleted':
      return { refunds: last.refunds + 1, refunded: (received - BigInt(askedLeft ?? 0)).toString() };
    case 'VoidCompleted':
      return { isVoid: true, voided: (received - BigInt(last.refunded)).toString() };
    case 'MatchCompleted':
      return donorOf(event.data.source);
    default:
      return undefined;
  }
}

function seenIn({ recordedAt, position }: RecordedEvent): Pick<Standing, 'recordedAt' | 'position'> {
  return { recordedAt, position: formatPosition(position) };
}

function donorOf({ donor }: DonationSource): Pick<Standing, 'donorClass' | 'place'> {
  if (donor.kind !== 'named') return { donorClass: donor.kind, place: 'unknown' };
  return { donorClass: donor.class, place: donor.inProvince ? 'inside' : 'outside' };
}
