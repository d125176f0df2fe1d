import type { ReceiptEvent } from '#domain/receipt/receipt.events.js';
import type { DueDateRule } from '#platform/due-dates/due-date.js';
import { receiptStreams } from '../streams.js';

/** How long a drawing that failed waits to be tried again; a fault of ours is not mended by hurry. */
const pauseMs = 3_600_000;

/** A PDF that could not be drawn is tried again, until it exists. */
export const redrawingDue: DueDateRule<ReceiptEvent> = {
  name: 'redraw',
  streams: [receiptStreams.all],
  change({ type, data, recordedAt }) {
    switch (type) {
      case 'ReceiptRenderingFailed':
        return { key: data.number, dueAt: new Date(Date.parse(recordedAt) + pauseMs).toISOString() };
      case 'ReceiptRendered':
        return { key: data.number, dueAt: undefined };
      default:
        return undefined;
    }
  },
};
