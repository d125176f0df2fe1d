import { z } from 'zod';

/** Topic of the receipts service; key: fund. Subject: the donation. */
export const receiptsTopic = 'mangnon.receipts.v1';

const receipt = { fundId: z.uuid(), donationId: z.uuid() };

/** A donation got its number. */
export const receiptIssuedV1 = z.object({
  ...receipt,
  /** Such as `LS-2025-000123`. */
  number: z.string(),
  entryId: z.string(),
  /** Whether it stands for an earlier, voided receipt of the same donation. */
  reissue: z.boolean(),
});

/** The donation's receipt that was not void until now is void. */
export const receiptVoidedV1 = z.object({ ...receipt, cause: z.enum(['void', 'refund', 'reissue']) });

/** The PDF exists; its SHA-256 in hex. */
export const receiptRenderedV1 = z.object({ ...receipt, number: z.string(), sha256: z.string() });

/** A mail with the PDF was taken by the mail server. */
export const receiptSentV1 = z.object({
  ...receipt,
  number: z.string(),
  messageId: z.string(),
  /** Whether a person asked for it again. */
  resend: z.boolean(),
});

/** The mail came back or was refused; the status code of RFC 3463. */
export const receiptBouncedV1 = z.object({
  ...receipt,
  number: z.string(),
  messageId: z.string(),
  status: z.string(),
});

/** Everything on {@link receiptsTopic}, by type. */
export const receiptsContracts = {
  'ReceiptIssued.v1': receiptIssuedV1,
  'ReceiptVoided.v1': receiptVoidedV1,
  'ReceiptRendered.v1': receiptRenderedV1,
  'ReceiptSent.v1': receiptSentV1,
  'ReceiptBounced.v1': receiptBouncedV1,
} as const;
