import { dueDatesProjection } from '#platform/due-dates/due-date.js';
import { mailDue } from '../../mail/due-mails.js';
import { redrawingDue } from '../../render/due-redrawings.js';

/** When mails are due and drawings to be tried again, in `receipts.due_dates`. */
export const receiptsDueDates = dueDatesProjection('receipts', 3, [mailDue, redrawingDue]);
