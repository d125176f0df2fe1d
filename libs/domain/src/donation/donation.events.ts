import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** How a donation came in. */
export type DonationMethod = 'cash' | 'bank' | 'in-kind';

/** A donor as a donation names it: vault record ids, and the name of an organisation, which is public. */
export interface NamedDonor {
  readonly kind: 'named';
  readonly donorId?: string;
  readonly class: 'agency' | 'unit' | 'business' | 'individual';
  readonly inProvince: boolean;
  readonly subjectId: string;
  readonly identityRecordId: string;
  readonly contactRecordId?: string;
  /** Whose key seals the contact; absent in what was recorded before it was carried along. */
  readonly contactSubjectId?: string;
  readonly organisation?: string;
}

/** Who gave. `unidentified` came by bank transfer with a memo that nobody has confirmed yet. */
export type DonationDonor = { readonly kind: 'anonymous' } | { readonly kind: 'unidentified' } | NamedDonor;

/** What a thing given is worth, and who says so. */
export interface Valuation {
  readonly value: MoneyJson;
  readonly basis: 'invoice' | 'council' | 'market' | 'donor';
}

/** One kind of thing given; quantity is a decimal string of at most three places. Without a valuation it is "not valued". */
export interface DonationItem {
  readonly item: string;
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  readonly valuation?: Valuation;
}

/** All that later services need of a donation; money is absent in kind, items are empty otherwise. */
export interface DonationSource {
  readonly donationId: string;
  readonly donor: DonationDonor;
  readonly method: DonationMethod;
  /** `cash` or `bank.<account>`; absent in kind. */
  readonly account?: string;
  readonly amount?: MoneyJson;
  readonly items: readonly DonationItem[];
  /** `unrestricted`, or the id of a purpose. */
  readonly purpose: string;
  readonly campaignId?: string;
  readonly pledgeId?: string;
  /** The bank item that it was classified from: its money stands in suspense already. */
  readonly bankItemId?: string;
  /** Date in the fund's zone on which it came in. */
  readonly receivedOn: LocalDate;
  /** Language of the receipt. */
  readonly language: 'vi' | 'en';
}

/** The row of a bank statement that something was read from; the file's first line is 1. */
export interface StatementPlace {
  readonly statementId: string;
  readonly line: number;
}

/** A donation came in; `memoRecordId` seals the bank memo or a note on it (vault, donors). */
export type DonationRecorded = DomainEvent<
  'DonationRecorded',
  {
    readonly fundId: string;
    readonly source: DonationSource;
    readonly memoRecordId?: string;
    /** Absent where somebody entered it by hand. */
    readonly readFrom?: StatementPlace;
  }
>;

/** What a refund pays back and what it leaves; both sums are absent in kind, where the whole goes back. */
export interface RefundTerms {
  readonly amount?: MoneyJson;
  readonly left?: MoneyJson;
  /** Whether nothing of the donation is left after it. */
  readonly full: boolean;
  /** `cash` or `bank.<account>`; absent in kind. */
  readonly paidFrom?: string;
}

interface Asked {
  /** Staff id of the person who asked. */
  readonly requestedBy: string;
  /** Staff through whose hands that access went; absent where there is nobody, and in events from before it was kept. */
  readonly requesterEnabledBy?: readonly string[];
  readonly reasonRecordId: string;
}

interface Approved {
  readonly approvedBy: string;
  /** The date in the fund's zone on which it counts. */
  readonly effectiveOn: LocalDate;
  readonly fundId: string;
  readonly source: DonationSource;
}

interface Rejected {
  readonly rejectedBy: string;
  readonly reasonRecordId: string;
}

interface Declined {
  /** The ledger's refusal code. */
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

interface RefundNamed {
  readonly refundId: string;
}

interface VoidNamed {
  readonly voidId: string;
}

/** Somebody asked to pay it back, in full or in part. */
export type RefundRequested = DomainEvent<'RefundRequested', RefundNamed & RefundTerms & Asked>;
/** A second person agreed; carries all that the ledger needs to answer. */
export type RefundApproved = DomainEvent<'RefundApproved', RefundNamed & RefundTerms & Approved>;
/** A second person said no. */
export type RefundRejected = DomainEvent<'RefundRejected', RefundNamed & Rejected>;
/** The person who asked took it back before anyone approved. */
export type RefundWithdrawn = DomainEvent<'RefundWithdrawn', RefundNamed & { readonly withdrawnBy: string }>;
/** The ledger has posted it. */
export type RefundCompleted = DomainEvent<'RefundCompleted', RefundNamed & { readonly entryId: string }>;
/** The ledger refused it; nothing was posted. */
export type RefundDeclined = DomainEvent<'RefundDeclined', RefundNamed & Declined>;

/** Somebody says that it was entered wrongly. */
export type VoidRequested = DomainEvent<'VoidRequested', VoidNamed & Asked>;
/** A second person agreed; `left` is what earlier refunds have left, absent in kind. */
export type VoidApproved = DomainEvent<'VoidApproved', VoidNamed & Approved & { readonly left?: MoneyJson }>;
/** A second person said that the entry is right. */
export type VoidRejected = DomainEvent<'VoidRejected', VoidNamed & Rejected>;
/** The person who asked took it back before anyone approved. */
export type VoidWithdrawn = DomainEvent<'VoidWithdrawn', VoidNamed & { readonly withdrawnBy: string }>;
/** The ledger has reversed it. */
export type VoidCompleted = DomainEvent<'VoidCompleted', VoidNamed & { readonly entryId: string }>;
/** The ledger refused to reverse it; nothing was posted. */
export type VoidDeclined = DomainEvent<'VoidDeclined', VoidNamed & Declined>;

/**
 * What was said of the donation under its own key is destroyed: memos, notes, reasons, and how to reach who was named at a
 * reissue and is no registered donor. What vouchers say of the payer stays as long as accounting law asks.
 */
export type PersonalDataErased = DomainEvent<
  'PersonalDataErased',
  {
    readonly fundId: string;
    readonly donationId: string;
    /** Counts the erasures of this donation from 1. */
    readonly erasure: number;
  }
>;

interface MatchNamed {
  readonly matchId: string;
}

interface Moved extends MatchNamed {
  readonly fundId: string;
  /** The donation as it is once the ledger agrees. */
  readonly source: DonationSource;
  /** The donation as it was until then. */
  readonly was: DonationSource;
  /** What refunds have left of the money; absent in kind. */
  readonly left?: MoneyJson;
  /** The date in the fund's zone on which it counts. */
  readonly effectiveOn: LocalDate;
}

/** Somebody says whose it is, or which campaign, purpose or pledge it answers; carries all that the ledger needs. */
export type DonationMatched = DomainEvent<
  'DonationMatched',
  Moved & { readonly matchedBy: string; readonly reasonRecordId?: string }
>;
/** The last match is taken back, under an id of its own; carries all that the ledger needs. */
export type DonationMatchUndone = DomainEvent<
  'DonationMatchUndone',
  Moved & { readonly undoes: string; readonly undoneBy: string; readonly reasonRecordId: string }
>;
/** The ledger has moved it, or noted whose it is; `source` is what it is from now on. */
export type MatchCompleted = DomainEvent<
  'MatchCompleted',
  MatchNamed & { readonly entryId: string; readonly source: DonationSource }
>;
/** The ledger refused it; the donation stays what it was. */
export type MatchDeclined = DomainEvent<'MatchDeclined', MatchNamed & Declined>;

/** Everything that can happen to a donation. */
export type DonationEvent =
  | DonationRecorded
  | RefundRequested
  | RefundApproved
  | RefundRejected
  | RefundWithdrawn
  | RefundCompleted
  | RefundDeclined
  | VoidRequested
  | VoidApproved
  | VoidRejected
  | VoidWithdrawn
  | VoidCompleted
  | VoidDeclined
  | DonationMatched
  | DonationMatchUndone
  | MatchCompleted
  | MatchDeclined
  | PersonalDataErased;
