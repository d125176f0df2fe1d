import type { z } from 'zod';
import { receiptsTopic, type receiptsContracts } from '#contracts/receipts.v1.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptEvent, ReceiptRef } from '#domain/receipt/receipt.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { inboxNewsOf } from '#kernel/inbox-news.js';
import type { TopicSource, Translated } from '#kernel/message.js';
import { receiptStreams } from '../streams.js';

type Contracts = typeof receiptsContracts;

/** The topic of this service: what became of each donation's receipts. */
export const receiptsPublisher: TopicSource = {
  topic: receiptsTopic,
  streams: [receiptStreams.all],
  translate: (event) => translated(event as RecordedEvent<ReceiptBookEvent | ReceiptEvent>),
};

type Told = RecordedEvent<ReceiptBookEvent | ReceiptEvent>;

// Members are named one by one: what an event gains later is not told by accident.
function translated(event: Told): Translated | undefined {
  switch (event.type) {
    case 'ReceiptIssued': {
      const { fundId, number, entryId, reissue, replaces, donation } = event.data;
      const { donationId } = donation;
      const named = replaces === undefined ? {} : { replaces };
      const data = { fundId, donationId, number, entryId, reissue, ...named, ...reasonOf(event.data) };
      return message('ReceiptIssued.v1', data);
    }
    case 'ReceiptVoided': {
      const { fundId, donationId, cause } = event.data;
      return message('ReceiptVoided.v1', { fundId, donationId, cause, ...reasonOf(event.data) });
    }
    case 'PdfRequested':
      return message('PdfRequested.v1', refOf(event.data));
    case 'ReceiptRendered':
      return message('ReceiptRendered.v1', { ...refOf(event.data), sha256: event.data.sha256 });
    case 'ReceiptRenderingFailed':
      return message('ReceiptRenderingFailed.v1', { ...refOf(event.data), reason: event.data.reason });
    default:
      return ofMail(event);
  }
}

function ofMail(event: Told): Translated | undefined {
  switch (event.type) {
    case 'ResendRequested': {
      const { mail, reasonRecordId } = event.data;
      return message('ResendRequested.v1', {
        ...refOf(event.data),
        messageId: mail.messageId,
        reasonRecordId,
      });
    }
    case 'ReceiptMailDeferred': {
      const { messageId, attempts, retryAt, status } = event.data;
      const data = { ...refOf(event.data), messageId, attempts, retryAt, status };
      return message('ReceiptMailDeferred.v1', data);
    }
    case 'ReceiptSent': {
      const { messageId, resend } = event.data;
      return message('ReceiptSent.v1', { ...refOf(event.data), messageId, resend });
    }
    case 'ReceiptBounced': {
      const { messageId, status } = event.data;
      return message('ReceiptBounced.v1', { ...refOf(event.data), messageId, status });
    }
    case 'ReceiptMailWithdrawn': {
      const { messageId, because } = event.data;
      return message('ReceiptMailWithdrawn.v1', { ...refOf(event.data), messageId, because });
    }
    case 'ReceiptMailReplanned': {
      const { messageId, instead } = event.data;
      return message('ReceiptMailReplanned.v1', { ...refOf(event.data), messageId, instead });
    }
    default:
      return inboxNewsOf(event);
  }
}

function refOf({ number, fundId, donationId }: ReceiptRef): ReceiptRef {
  return { number, fundId, donationId };
}

function reasonOf({ reasonRecordId }: { readonly reasonRecordId?: string }) {
  return reasonRecordId === undefined ? {} : { reasonRecordId };
}

/** What the receipts say; what waits in their streams is told by {@link inboxNewsOf}. */
type Own = Exclude<keyof Contracts, 'MessageParked.v1' | 'MessageReplayed.v1'>;

function message<Type extends Own>(type: Type, data: z.infer<Contracts[Type]>): Translated {
  return { type, subject: data.donationId, key: data.fundId, data };
}
