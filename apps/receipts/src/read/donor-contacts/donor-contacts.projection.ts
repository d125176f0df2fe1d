import { donationsTopic, donorContactCorrectedV1 } from '#contracts/donations.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';

/** Where a donor's mail goes since it was corrected. */
export type DonorContactRow = {
  readonly subject_id: string;
  /** In the vault; null when the donor wants no mail any more. */
  readonly contact_record_id: string | null;
  /** When (RFC 3339): what staff typed later for a receipt goes first. */
  readonly corrected_at: string;
};

/** The corrected addresses of donors; one that was never corrected has no row. */
export const donorContacts: Projection<DonorContactRow, Message> = {
  name: 'receipts.donor_contacts',
  // 2: says when.
  version: 2,
  key: 'subject_id',
  columns: { subject_id: 'uuid', contact_record_id: 'uuid', corrected_at: 'timestamptz' },
  topics: [donationsTopic],
  keysOf: (message) =>
    message.type === 'DonorContactCorrected.v1'
      ? [donorContactCorrectedV1.parse(message.data).subjectId]
      : [],
  project(_row, message, subjectId) {
    const { contactRecordId } = donorContactCorrectedV1.parse(message.data);
    return {
      subject_id: subjectId,
      contact_record_id: contactRecordId ?? null,
      corrected_at: message.time,
    };
  },
};
