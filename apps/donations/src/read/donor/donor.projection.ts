import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A donor as lists show it: no personal name, only the records that have it. */
export type DonorRow = {
  readonly donor_id: string;
  readonly fund_id: string;
  /** `registered` or `erased`. */
  readonly status: string;
  readonly class: string;
  readonly in_province: boolean;
  readonly organisation: string | null;
  readonly subject_id: string;
  readonly identity_record_id: string | null;
  readonly contact_record_id: string | null;
  readonly identity_kept_until: string | null;
  readonly registered_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** The donors of every fund. */
export const donorProjection: Projection<DonorRow> = {
  name: 'donations.donor',
  version: 1,
  key: 'donor_id',
  columns: {
    donor_id: 'uuid',
    fund_id: 'uuid',
    status: 'text',
    class: 'text',
    in_province: 'boolean',
    organisation: 'text',
    subject_id: 'uuid',
    identity_record_id: 'uuid',
    contact_record_id: 'uuid',
    identity_kept_until: 'date',
    registered_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [{ columns: ['fund_id', 'incarnation', 'number'] }, { columns: ['identity_record_id'] }],
  streams: ['donor-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('donor-'.length)]),
  project: (row, event, donorId) => projected(row, event as RecordedEvent<DonorEvent>, donorId),
};

function projected(
  row: DonorRow | undefined,
  event: RecordedEvent<DonorEvent>,
  donorId: string,
): DonorRow | undefined {
  if (event.type === 'DonorRegistered') {
    const { fundId, subjectId, contactRecordId } = event.data;
    return {
      ...{ donor_id: donorId, fund_id: fundId, status: 'registered', subject_id: subjectId },
      ...detailColumns(event.data),
      ...{ contact_record_id: contactRecordId ?? null, identity_kept_until: null },
      registered_at: event.recordedAt,
      incarnation: event.position.incarnation,
      number: event.position.number.toString(),
    };
  }
  if (!row) return undefined;
  switch (event.type) {
    case 'DonorContactCorrected':
      return { ...row, contact_record_id: event.data.contactRecordId ?? null };
    case 'DonorDetailsCorrected':
      return { ...row, ...detailColumns(event.data) };
    case 'IdentityNeeded':
      return row;
    case 'PersonalDataErased': {
      const gone = event.data.what === 'everything' ? { identity_record_id: null } : {};
      const until = event.data.identityKeptUntil ?? null;
      return { ...row, ...gone, status: 'erased', contact_record_id: null, identity_kept_until: until };
    }
  }
}

function detailColumns(details: {
  readonly class: string;
  readonly inProvince: boolean;
  readonly identityRecordId: string;
  readonly organisation?: string;
}) {
  return {
    class: details.class,
    in_province: details.inProvince,
    identity_record_id: details.identityRecordId,
    organisation: details.organisation ?? null,
  };
}
