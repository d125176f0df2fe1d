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

const published: readonly (ReceiptBookEvent | ReceiptEvent)[] = [
  {
    type: 'ReceiptIssued',
    data: {
      ...{ fundId, number: ref.number, year: '2025', letter: '', sequence: 1, entryId: 'e1', reissue: false },
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
  },
  { type: 'ReceiptVoided', data: { fundId, donationId, cause: 'refund', voiding: 1 } },
  {
    type: 'ReceiptRendered',
    data: {
      ...ref,
      ...{ sha256: 'ab', bytesRecordId: 'b1', subjectId: 's1', templateVersion: 0, language: 'vi' },
    },
  },
  { type: 'ReceiptSent', data: { ...ref, messageId, contactRecordId: 'c1', resend: false } },
  { type: 'ReceiptBounced', data: { ...ref, messageId, status: '5.1.1' } },
];

const silent: readonly (ReceiptBookEvent | ReceiptEvent)[] = [
  { type: 'ReceiptSeriesOpened', data: { fundId, year: '2025', letter: '', incarnation: 1 } },
  { type: 'PdfRequested', data: ref },
  { type: 'ReceiptMailWithdrawn', data: { ...ref, messageId, because: 'void' } },
];

const translated = (event: ReceiptBookEvent | ReceiptEvent) =>
  receiptsPublisher.translate({ ...event, stream: 'receipt-x' } as unknown as RecordedEvent);

describe('the topic of receipts', () => {
  it.each(published)('tells others of $type as its contract says, under donation and fund', (event) => {
    const message = translated(event)!;
    expect(message).toMatchObject({ type: `${event.type}.v1`, subject: donationId, key: fundId });
    const contract = receiptsContracts[message.type as keyof typeof receiptsContracts];
    expect(contract.strict().parse(message.data)).toEqual(message.data);
  });

  it.each(silent)('keeps $type to itself', (event) => {
    expect(translated(event)).toBeUndefined();
  });
});
