import { describe, expect, it } from '@jest/globals';
import { receiptsContracts } from '#contracts/receipts.v1.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { receiptsPublisher } from './receipts.publisher.js';

const fundId = 'f0000000-0000-4000-8000-000000000001';
const donationId = 'd0000000-0000-4000-8000-000000000001';
const ref = { number: 'LS-2025-000001', fundId, donationId };
const messageId = 'LS-2025-000001.0@quy.example';

const reasonRecordId = 'e0000000-0000-4000-8000-000000000001';
const mail = { sequence: 1, messageId, contactRecordId: 'c1', plannedAt: '2025-03-01T02:00:00Z' };

type Events = {
  readonly [Type in (ReceiptBookEvent | ReceiptEvent)['type']]: Extract<
    ReceiptBookEvent | ReceiptEvent,
    { type: Type }
  >['data'];
};

// The compiler asks for every type of event there is.
const ofDonations: Omit<Events, keyof typeof ofBooks> = {
  ReceiptIssued: {
    ...{ fundId, number: ref.number, year: '2025', letter: '', sequence: 1, entryId: 'e1', reissue: true },
    ...{ replaces: 'LS-2025-000000', reasonRecordId },
    donation: {
      donationId,
      payer: { kind: 'anonymous' },
      method: 'cash',
      items: [],
      purpose: 'unrestricted',
      receivedOn: localDate('2025-03-01'),
      language: 'vi',
    },
  },
  ReceiptVoided: { fundId, donationId, cause: 'reissue', voiding: 1, reasonRecordId },
  PdfRequested: ref,
  ReceiptRendered: {
    ...ref,
    ...{ sha256: 'ab', bytesRecordId: 'b1', subjectId: 's1', templateVersion: 0, language: 'vi', mail },
  },
  ReceiptRenderingFailed: { ...ref, reason: 'TypeError' },
  ResendRequested: { ...ref, mail, reasonRecordId },
  ReceiptMailDeferred: {
    ...ref,
    ...{ messageId, attempts: 1, retryAt: '2025-03-01T02:01:00Z', status: '4.2.1' },
  },
  ReceiptSent: { ...ref, messageId, contactRecordId: 'c1', resend: false },
  ReceiptBounced: { ...ref, messageId, status: '5.1.1' },
  ReceiptMailWithdrawn: { ...ref, messageId, because: 'void' },
  ReceiptMailReplanned: {
    ...ref,
    ...{ messageId: `${ref.number}.0@quy.example`, instead: messageId },
    mail: { ...mail, insteadOf: `${ref.number}.0@quy.example` },
  },
};

const ofBooks = {
  ReceiptBookOpened: {},
  ReceiptPurposeNamed: {},
  ReceiptTemplateChanged: {},
  RestoreNoticed: {},
  ReceiptSeriesOpened: {},
};

const translated = (type: string, data: object) =>
  receiptsPublisher.translate({ type, data, stream: 'receipt-x' } as unknown as RecordedEvent);

describe('the topic of receipts', () => {
  it.each(Object.entries(ofDonations))(
    'tells others of %s as its contract says, under donation and fund',
    (type, data) => {
      const message = translated(type, data)!;
      expect(message).toMatchObject({ type: `${type}.v1`, subject: donationId, key: fundId });
      const contract = receiptsContracts[message.type as keyof typeof receiptsContracts];
      expect(contract.strict().parse(message.data)).toEqual(message.data);
    },
  );

  it('tells who asks why where a reason is kept', () => {
    for (const type of ['ReceiptIssued', 'ReceiptVoided', 'ResendRequested'] as const)
      expect(translated(type, ofDonations[type])?.data).toMatchObject({ reasonRecordId });
  });

  it('says nothing of where PDFs and addresses are kept', () => {
    const told = Object.entries(ofDonations).map(([type, data]) => translated(type, data)?.data);
    expect(JSON.stringify(told)).not.toMatch(/bytesRecordId|contactRecordId|subjectId/);
  });

  it.each(Object.keys(ofBooks))('keeps %s of a book to itself', (type) => {
    expect(translated(type, { fundId })).toBeUndefined();
  });
});
