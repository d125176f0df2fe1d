import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** Who gave, carried along for receipts and never read by the books. */
export type SourceDonor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'unidentified' }
  | {
      readonly kind: 'named';
      readonly donorId?: string;
      readonly class: 'agency' | 'unit' | 'business' | 'individual';
      readonly inProvince: boolean;
      readonly subjectId: string;
      readonly identityRecordId: string;
      readonly contactRecordId?: string;
      readonly contactSubjectId?: string;
      readonly organisation?: string;
    };

/** One kind of thing given. Quantity is a decimal string of at most three places; without a valuation it stands by quantity only. */
export interface SourceItem {
  readonly item: string;
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  readonly valuation?: {
    readonly value: MoneyJson;
    readonly basis: 'invoice' | 'council' | 'market' | 'donor';
  };
}

/** The donation behind an entry. */
export interface EntrySource {
  readonly donationId: string;
  readonly donor: SourceDonor;
  readonly method: 'cash' | 'bank' | 'in-kind';
  /** Where money arrived: `cash` or `bank.<account>`; absent in kind. */
  readonly account?: string;
  /** Absent in kind. */
  readonly amount?: MoneyJson;
  readonly items: readonly SourceItem[];
  /** What it was given for: `unrestricted`, or the id of a purpose. */
  readonly purpose: string;
  readonly campaignId?: string;
  readonly pledgeId?: string;
  /** The bank item that it was classified from: its money stood in suspense already. */
  readonly bankItemId?: string;
  readonly receivedOn: LocalDate;
  readonly language: 'vi' | 'en';
}

/** One line of an entry; a positive amount is a debit. */
export interface Posting {
  readonly account: string;
  readonly purpose: string;
  readonly amount: MoneyJson;
}

/** Things that came in (positive) or went out (negative); a decimal string of at most three places. */
export interface StockMove {
  readonly item: string;
  readonly unit: string;
  readonly purpose: string;
  readonly quantity: string;
}

/** What every entry has. Its postings sum to zero per currency and per purpose; there are none where nothing was valued. */
export interface Entry {
  /** Made from what it answers, such as `donation.<id>`: never two for the same. */
  readonly entryId: string;
  /** Running number in its fund, from 1 without gap. */
  readonly entryNumber: number;
  /** The accounting date in the fund's zone: never before the fund opened, never after the day it was recorded. */
  readonly effectiveOn: LocalDate;
  readonly postings: readonly Posting[];
  readonly stock: readonly StockMove[];
}

/** Why money stands in suspense and not where it was given for. */
export type Diversion = 'purpose-unknown' | 'purpose-closed' | 'account-unknown' | 'campaign-window';

/**
 * What the fund held on the day it opened, or what a bank account held before the first row of its statement, against
 * `equity.opening`.
 */
export type OpeningBalancesPosted = DomainEvent<
  'OpeningBalancesPosted',
  Entry & {
    /** The day of that first row, where a closed period moved the entry to another. */
    readonly bookedOn?: LocalDate;
  }
>;

/** A donation stands in the books. */
export type DonationPosted = DomainEvent<
  'DonationPosted',
  Entry & {
    /** Where it really went: its own purpose, or `suspense`. */
    readonly postedPurpose: string;
    readonly diverted?: Diversion;
    readonly source: EntrySource;
  }
>;

interface Correction extends Entry {
  readonly reversesEntryId: string;
  readonly source: EntrySource;
}

/** Part or all of a donation was paid back. */
export type RefundPosted = DomainEvent<
  'RefundPosted',
  Correction & {
    readonly refundId: string;
    /** What was paid back, and what of the donation is left; both absent in kind, where the whole goes back. */
    readonly amount?: MoneyJson;
    readonly left?: MoneyJson;
    readonly full: boolean;
  }
>;

/** A donation entered wrongly was reversed: all that refunds had left of it. */
export type VoidPosted = DomainEvent<'VoidPosted', Correction & { readonly voidId: string }>;

/** Why the books refuse to give back what stands in them. */
export type CorrectionRefusal =
  | 'fund/short'
  | 'fund/account-short'
  | 'fund/stock-short'
  | 'fund/account-unknown'
  | 'fund/currency-differs'
  | 'fund/exceeds-donation'
  | 'fund/already-reversed'
  | 'fund/refunded-elsewhere'
  | 'fund/refunded-in-part';

/** Why the books refuse an entry that is no refund and no void. */
export type EntryRefusal =
  | 'fund/short'
  | 'fund/account-short'
  | 'fund/stock-short'
  | 'fund/account-unknown'
  | 'fund/account-of-documents'
  | 'fund/account-not-of-kind'
  | 'fund/purpose-unknown'
  | 'fund/purpose-closed'
  | 'fund/given-for-purpose'
  | 'fund/already-reversed'
  | 'fund/period-closed'
  | 'fund/before-fund'
  | 'fund/in-future'
  | 'fund/entry-unknown'
  | 'fund/entry-reversed'
  | 'fund/entry-claimed'
  | 'fund/item-classified'
  | 'fund/item-not-classified';

interface Refused {
  readonly donationId: string;
  readonly code: CorrectionRefusal;
  /** How much money is missing, where money is. */
  readonly shortBy?: MoneyJson;
}

/** A refund was refused; nothing was posted. */
export type RefundRefused = DomainEvent<'RefundRefused', Refused & { readonly refundId: string }>;
/**
 * A donation belongs to another donor, pledge or purpose than before. The money moves where the purpose is another one;
 * else there are no lines.
 */
export type DonationReassigned = DomainEvent<
  'DonationReassigned',
  Entry & {
    readonly matchId: string;
    /** The match that it takes back, by its entry. */
    readonly reversesEntryId?: string;
    /** Where it stands now: its own purpose, or `suspense`. */
    readonly postedPurpose: string;
    readonly diverted?: Diversion;
    /** What refunds have left of it; absent in kind. */
    readonly left?: MoneyJson;
    /** The donation as it is now, and as it was until then. */
    readonly source: EntrySource;
    readonly was: EntrySource;
  }
>;

/** A donation was not moved; nothing was posted. */
export type ReassignmentRefused = DomainEvent<
  'ReassignmentRefused',
  {
    readonly donationId: string;
    readonly matchId: string;
    readonly code: EntryRefusal;
    readonly shortBy?: MoneyJson;
  }
>;

/** A void was refused; nothing was posted. */
export type VoidRefused = DomainEvent<'VoidRefused', Refused & { readonly voidId: string }>;
