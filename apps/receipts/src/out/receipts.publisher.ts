import type { z } from 'zod';
import { receiptsTopic, type receiptsContracts } from '#contracts/receipts.v1.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';
import { receiptStreams } from '../streams.js';

type Contracts = typeof receiptsContracts;

/** The topic of this service: what became of each donation's receipts. */
export const receiptsPublisher: TopicSource = {
  topic: receiptsTopic,
  streams: [receiptStreams.all],
  translate: (event) => translated(event as RecordedEvent<ReceiptBookEvent | ReceiptEvent>),
};

function translated(event: RecordedEvent<ReceiptBookEvent | ReceiptEvent>): Translated | undefined {
  switch (event.type) {
    case 'ReceiptIssued': {
      const { fundId, number, entryId, reissue, donation } = event.data;
      const { donationId } = donation;
      return message('ReceiptIssued.v1', { fundId, donationId, number, entryId, reissue });
    }
    case 'ReceiptVoided': {
      const { fundId, donationId, cause } = event.data;
      return message('ReceiptVoided.v1', { fundId, donationId, cause });
    }
    case 'ReceiptRendered': {
      const { fundId, donationId, number, sha256 } = event.data;
      return message('ReceiptRendered.v1', { fundId, donationId, number, sha256 });
    }
    case 'ReceiptSent': {
      const { fundId, donationId, number, messageId, resend } = event.data;
      return message('ReceiptSent.v1', { fundId, donationId, number, messageId, resend });
    }
    case 'ReceiptBounced': {
      const { fundId, donationId, number, messageId, status } = event.data;
      return message('ReceiptBounced.v1', { fundId, donationId, number, messageId, status });
    }
    default:
      return undefined;
  }
}

function message<Type extends keyof Contracts>(type: Type, data: z.infer<Contracts[Type]>): Translated {
  return { type, subject: data.donationId, key: data.fundId, data };
}
