import type { PlannedMail, ReceiptEvent, ReceiptRef } from '#domain/receipt/receipt.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';
import { receiptStreams } from '../../streams.js';

/** A mail that was planned, and how far it got. */
export type MailRow = {
  readonly message_id: string;
  readonly number: string;
  readonly planned_at: string;
  /** `pending`, `sent`, `bounced` or `withdrawn`. */
  readonly outcome: string;
  /** When a pending mail is next tried; at once when null. */
  readonly due_at: string | null;
};

type Input = RecordedEvent<ReceiptEvent>;

/** Every mail; the pending ones are the postman's list. */
export const mails: Projection<MailRow> = {
  name: 'receipts.mails',
  version: 1,
  key: 'message_id',
  columns: {
    message_id: 'text',
    number: 'text',
    planned_at: 'timestamptz',
    outcome: 'text',
    due_at: 'timestamptz',
  },
  indexes: [{ columns: ['outcome', 'due_at'] }],
  streams: [receiptStreams.all],
  keysOf(event) {
    const messageId = messageIdIn(event as Input);
    return messageId === undefined ? [] : [messageId];
  },
  project: (row, event) => folded(row, event as Input),
};

function messageIdIn(event: Input): string | undefined {
  if (event.type === 'ReceiptRendered') return event.data.mail?.messageId;
  if (event.type === 'ResendRequested') return event.data.mail.messageId;
  return 'messageId' in event.data ? event.data.messageId : undefined;
}

function folded(row: MailRow | undefined, event: Input): MailRow | undefined {
  switch (event.type) {
    case 'ReceiptRendered':
      return event.data.mail && planned(event.data, event.data.mail, event.recordedAt);
    case 'ResendRequested':
      return planned(event.data, event.data.mail, event.recordedAt);
    case 'ReceiptMailDeferred':
      return row && { ...row, due_at: event.data.retryAt };
    case 'ReceiptSent':
      return row && { ...row, outcome: 'sent', due_at: null };
    case 'ReceiptBounced':
      return row && { ...row, outcome: 'bounced', due_at: null };
    case 'ReceiptMailWithdrawn':
      return row && { ...row, outcome: 'withdrawn', due_at: null };
    default:
      return row;
  }
}

function planned({ number }: ReceiptRef, { messageId }: PlannedMail, plannedAt: string): MailRow {
  return { message_id: messageId, number, planned_at: plannedAt, outcome: 'pending', due_at: null };
}
