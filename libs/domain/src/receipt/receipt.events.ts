import type { DomainEvent } from '#kernel/domain-event.js';

/** What every event of a receipt repeats, so that it can be read on its own. */
export interface ReceiptRef {
  /** Such as `LS-2025-000123`; the stream is `receipt-<number>`. */
  readonly number: string;
  readonly fundId: string;
  readonly donationId: string;
}

/** One mail to be sent: where to by vault record id, never an address, under a Message-ID of its own. */
export interface PlannedMail {
  /** 0 for the first mail, then one more with each that a person asked for or that took another's place. */
  readonly sequence: number;
  /** Without angle brackets; the same in every automatic retry. */
  readonly messageId: string;
  readonly contactRecordId: string;
  /** RFC 3339: its date in every retry. When a resend was asked for; for the first mail, when the receipt was issued. */
  readonly plannedAt: string;
  /** When it could be sent first (RFC 3339); `plannedAt` when absent. */
  readonly readyAt?: string;
  /** Given for a resend to the donor's own contact: where that is corrected meanwhile, the mail follows, as first mails do. */
  readonly followsDonor?: true;
  /** Message-ID of the waiting mail whose place it took; absent where it took none. */
  readonly insteadOf?: string;
}

/** Somebody asked for the PDF of a receipt that nobody had rendered, such as that of an anonymous donation. */
export type PdfRequested = DomainEvent<'PdfRequested', ReceiptRef>;

/** The PDF exists: its bytes are sealed in the vault and never change again. */
export type ReceiptRendered = DomainEvent<
  'ReceiptRendered',
  ReceiptRef & {
    /** Of the PDF's bytes, in hex. */
    readonly sha256: string;
    /** Where the bytes are sealed (vault, donors). */
    readonly bytesRecordId: string;
    /** The person whose key seals them: the donor, or one made up for the receipt of nobody in particular. */
    readonly subjectId: string;
    readonly templateVersion: number;
    readonly language: 'vi' | 'en';
    /** Number of the receipt that it names as replaced. */
    readonly replaces?: string;
    /** The mail that follows; absent where the donor left no address. */
    readonly mail?: PlannedMail;
  }
>;

/** The PDF could not be drawn, by a fault of ours; asking for it tries again. */
export type ReceiptRenderingFailed = DomainEvent<
  'ReceiptRenderingFailed',
  ReceiptRef & {
    /** What kind of error it was; never what stands on the receipt. */
    readonly reason: string;
  }
>;

/** A person asked for a new mail with the same PDF, to the corrected address if there is one. */
export type ResendRequested = DomainEvent<
  'ResendRequested',
  ReceiptRef & { readonly mail: PlannedMail; readonly reasonRecordId: string }
>;

/** The mail server could not take the mail for now; it is tried again at `retryAt` (RFC 3339). */
export type ReceiptMailDeferred = DomainEvent<
  'ReceiptMailDeferred',
  ReceiptRef & {
    readonly messageId: string;
    /** Attempts so far. */
    readonly attempts: number;
    readonly retryAt: string;
    /** Status code of RFC 3463 as far as known. */
    readonly status: string;
  }
>;

/** The mail server took the mail. */
export type ReceiptSent = DomainEvent<
  'ReceiptSent',
  ReceiptRef & { readonly messageId: string; readonly contactRecordId: string; readonly resend: boolean }
>;

/** The mail was refused for good or came back; the status code of RFC 3463. */
export type ReceiptBounced = DomainEvent<
  'ReceiptBounced',
  ReceiptRef & { readonly messageId: string; readonly status: string }
>;

/** A mail not yet sent will not be: the receipt is void by now, or there is no address (any more). */
export type ReceiptMailWithdrawn = DomainEvent<
  'ReceiptMailWithdrawn',
  ReceiptRef & { readonly messageId: string; readonly because: 'void' | 'no-address' }
>;

/**
 * A mail that waited for another attempt is given up, since the donor's contact was corrected. The PDF goes to the corrected
 * address in the mail `instead`; nothing is sent under the old Message-ID any more, whatever an attempt of unknown outcome
 * has done.
 */
export type ReceiptMailReplanned = DomainEvent<
  'ReceiptMailReplanned',
  ReceiptRef & {
    readonly messageId: string;
    /** Message-ID of the mail that goes to the corrected address. */
    readonly instead: string;
    /** That mail, planned by this; absent where a resend goes, or went, there already. */
    readonly mail?: PlannedMail;
  }
>;

/** Everything that happens to one receipt after it got its number. */
export type ReceiptEvent =
  | PdfRequested
  | ReceiptRendered
  | ReceiptRenderingFailed
  | ResendRequested
  | ReceiptMailDeferred
  | ReceiptSent
  | ReceiptBounced
  | ReceiptMailWithdrawn
  | ReceiptMailReplanned;
