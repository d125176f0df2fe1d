import { dueDatesProjection } from '#platform/due-dates/due-date.js';
import { mailDue } from '../../mail/due-mails.js';

/** When mails are due, in `receipts.due_dates`. */
export const receiptsDueDates = dueDatesProjection('receipts', 1, [mailDue]);
