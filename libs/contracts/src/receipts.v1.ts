import { z } from 'zod';
import { messageParkedV1, messageReplayedV1 } from './parked.js';

/** Topic of the receipts service; key: fund. Subject: the donation. */
export const receiptsTopic = 'mangnon.receipts.v1';

const receipt = { fundId: z.uuid(), donationId: z.uuid() };
const numbered = { ...receipt, number: z.string() };
/** Why a person asked for it: a record (vault, donors) that holds the words as `text`, never the words. */
const reason = { reasonRecordId: z.uuid() };

/** A donation got its number. */
export const receiptIssuedV1 = z.object({
  ...receipt,
  /** Such as `LS-2025-000123`. */
  number: z.string(),
  entryId: z.string(),
  /** Whether it stands for an earlier, voided receipt of the same donation. */
  reissue: z.boolean(),
  /** Number of that receipt, where a person named it. */
  replaces: z.string().optional(),
  reasonRecordId: reason.reasonRecordId.optional(),
});

/** The donation's receipt that was not void until now is void; the reason stands with a reissue alone. */
export const receiptVoidedV1 = z.object({
  ...receipt,
  cause: z.enum(['void', 'refund', 'reissue', 'match']),
  reasonRecordId: reason.reasonRecordId.optional(),
});

/** A person asked for a PDF that did not exist yet. */
export const pdfRequestedV1 = z.object(numbered);

/** The PDF exists; its SHA-256 in hex. */
export const receiptRenderedV1 = z.object({ ...numbered, sha256: z.string() });

/** The PDF could not be drawn, by a fault of ours; `reason` is the kind of error and never what stands on the receipt. */
export const receiptRenderingFailedV1 = z.object({ ...numbered, reason: z.string() });

/** A person asked for a new mail with the same PDF. */
export const resendRequestedV1 = z.object({ ...numbered, messageId: z.string(), ...reason });

/** The mail server could not take the mail for now; it is tried again at `retryAt` (RFC 3339). */
export const receiptMailDeferredV1 = z.object({
  ...numbered,
  messageId: z.string(),
  attempts: z.number().int().positive(),
  retryAt: z.string(),
  /** RFC 3463. */
  status: z.string(),
});

/** A mail with the PDF was taken by the mail server. */
export const receiptSentV1 = z.object({
  ...numbered,
  messageId: z.string(),
  /** Whether a person asked for it again. */
  resend: z.boolean(),
});

/** The mail came back or was refused; the status code of RFC 3463. */
export const receiptBouncedV1 = z.object({ ...numbered, messageId: z.string(), status: z.string() });

/** A mail not yet sent will not be: the receipt is void by now, or there is no address (any more). */
export const receiptMailWithdrawnV1 = z.object({
  ...numbered,
  messageId: z.string(),
  because: z.enum(['void', 'no-address']),
});

/** A mail that waited for another attempt gave way to the mail `instead`, which goes to the donor's corrected address. */
export const receiptMailReplannedV1 = z.object({
  ...numbered,
  messageId: z.string(),
  /** Its Message-ID; the PDF is the same. */
  instead: z.string(),
});

/** Everything on {@link receiptsTopic}, by type. */
export const receiptsContracts = {
  'ReceiptIssued.v1': receiptIssuedV1,
  'ReceiptVoided.v1': receiptVoidedV1,
  'PdfRequested.v1': pdfRequestedV1,
  'ReceiptRendered.v1': receiptRenderedV1,
  'ReceiptRenderingFailed.v1': receiptRenderingFailedV1,
  'ResendRequested.v1': resendRequestedV1,
  'ReceiptMailDeferred.v1': receiptMailDeferredV1,
  'ReceiptSent.v1': receiptSentV1,
  'ReceiptBounced.v1': receiptBouncedV1,
  'ReceiptMailWithdrawn.v1': receiptMailWithdrawnV1,
  'ReceiptMailReplanned.v1': receiptMailReplannedV1,
  'MessageParked.v1': messageParkedV1,
  'MessageReplayed.v1': messageReplayedV1,
} as const;
