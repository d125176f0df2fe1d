import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import type { DueDateChange, DueDateRule } from '#platform/due-dates/due-date.js';
import { receiptStreams } from '../streams.js';

/** A mail is due once it is planned, again when the mail server put it off, and no more once it is settled or given up. */
export const mailDue: DueDateRule<ReceiptEvent> = {
  name: 'mail',
  streams: [receiptStreams.all],
  change({ type, data }) {
    switch (type) {
      case 'ReceiptRendered':
        return data.mail && dated(data.mail.messageId, data.mail.readyAt ?? data.mail.plannedAt);
      case 'ResendRequested':
        return dated(data.mail.messageId, data.mail.plannedAt);
      case 'ReceiptMailDeferred':
        return dated(data.messageId, data.retryAt);
      case 'ReceiptSent':
      case 'ReceiptBounced':
      case 'ReceiptMailWithdrawn':
        return dated(data.messageId, undefined);
      case 'ReceiptMailReplanned': {
        const { messageId, mail } = data;
        const over = dated(messageId, undefined);
        return mail === undefined ? over : [over, dated(mail.messageId, mail.plannedAt)];
      }
      default:
        return undefined;
    }
  },
};

/** The Message-ID says which receipt it is. */
function dated(messageId: string, dueAt: string | undefined): DueDateChange {
  return { key: messageId, dueAt };
}
