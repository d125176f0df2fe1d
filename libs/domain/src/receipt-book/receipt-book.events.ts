import type { DomainEvent } from '#kernel/domain-event.js';
import type { LocalDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';
import type { ReceiptTemplate } from './receipt-template.policy.js';

/** A text in the two languages that receipts are written in. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/** What a receipt's heading says of the fund: public facts only. */
export interface ReceiptFund {
  readonly fundId: string;
  /** Unique, such as `LS`; numbers begin with it. */
  readonly code: string;
  readonly name: Bilingual;
  /** The decision that founded the fund. */
  readonly decision: { readonly number: string; readonly date: LocalDate; readonly issuer: string };
  readonly address?: string;
  /** IANA zone in which the year of a receipt is counted. */
  readonly zone: string;
}

/** Who paid: vault record ids, never a name of a person; an organisation's name is public. */
export type Payer =
  | { readonly kind: 'anonymous' | 'unidentified' }
  | {
      readonly kind: 'named';
      readonly subjectId: string;
      readonly identityRecordId: string;
      /** Where the receipt is mailed to; no mail when absent. */
      readonly contactRecordId?: string;
      /** Staff named this person at a reissue, who is no registered donor: the contact goes with what is said of the donation. */
      readonly unregistered?: true;
      /** When staff named that contact at a reissue (RFC 3339); a correction of the donor's contact before then is older. */
      readonly contactNamedAt?: string;
      /** Whose key seals the contact; the payer's own where the donation does not say. */
      readonly contactSubjectId?: string;
      readonly organisation?: string;
    };

/** One kind of thing given; without a valuation it stands by quantity only. */
export interface ReceiptedItem {
  readonly name: string;
  readonly quantity: string;
  readonly unit: string;
  readonly valuation?: { readonly value: MoneyJson; readonly basis: string };
}

/** What a receipt certifies, as the ledger posted it or as a refund left it. */
export interface ReceiptedDonation {
  readonly donationId: string;
  readonly payer: Payer;
  readonly method: 'cash' | 'bank' | 'in-kind';
  readonly account?: string;
  /** Absent for a donation in kind. */
  readonly amount?: MoneyJson;
  readonly items: readonly ReceiptedItem[];
  readonly purpose: string;
  /** The purpose as readers know it; absent when the books know no name for it. */
  readonly purposeName?: Bilingual;
  readonly receivedOn: LocalDate;
  readonly language: 'vi' | 'en';
}

/** The fund's book of receipts exists; numbers can be given. */
export type ReceiptBookOpened = DomainEvent<'ReceiptBookOpened', ReceiptFund>;

/** What readers call a purpose, learned from the ledger. */
export type ReceiptPurposeNamed = DomainEvent<
  'ReceiptPurposeNamed',
  { readonly fundId: string; readonly purpose: string; readonly name: Bilingual }
>;

/** The fund changed how its receipts look; `version` counts from 1 (0 is the built-in template). */
export type ReceiptTemplateChanged = DomainEvent<
  'ReceiptTemplateChanged',
  { readonly fundId: string; readonly version: number; readonly template: ReceiptTemplate }
>;

/** The store was restored: no year after `throughYear` can have been numbered before that. */
export type RestoreNoticed = DomainEvent<
  'RestoreNoticed',
  { readonly fundId: string; readonly incarnation: number; readonly throughYear: string }
>;

/** A year's series began; `letter` is empty, or tells it from the series of the year before a restore. */
export type ReceiptSeriesOpened = DomainEvent<
  'ReceiptSeriesOpened',
  {
    readonly fundId: string;
    readonly year: string;
    readonly letter: string;
    readonly incarnation: number;
  }
>;

/** A donation got its number, the next of its series; no number is given twice or left out. */
export type ReceiptIssued = DomainEvent<
  'ReceiptIssued',
  {
    readonly fundId: string;
    /** Such as `LS-2025-000123` or, after a restore, `LS-2025B-000001`. */
    readonly number: string;
    readonly year: string;
    readonly letter: string;
    readonly sequence: number;
    /** The entry that it certifies: of the donation, of the refund that left less of it, or of its match. */
    readonly entryId: string;
    readonly donation: ReceiptedDonation;
    /** Whether the donation had a receipt before, which is void by now. */
    readonly reissue: boolean;
    /** Number of that receipt where a person named it; the register knows it for the others. */
    readonly replaces?: string;
    /** The reason a person gave, in the vault. */
    readonly reasonRecordId?: string;
    /** It was said anew whose donation it is; who was named at an earlier reissue counts no more. */
    readonly payerMatched?: true;
  }
>;

/** The one receipt of the donation that was not void until now is void; the register knows its number. */
export type ReceiptVoided = DomainEvent<
  'ReceiptVoided',
  {
    readonly fundId: string;
    readonly donationId: string;
    readonly cause: 'void' | 'refund' | 'reissue' | 'match';
    /** Counts the voided receipts of the book from 1, so that a reader can tell how far it has seen. */
    readonly voiding: number;
    /** The reason a person gave for the reissue, in the vault. */
    readonly reasonRecordId?: string;
  }
>;

/** Everything that happens in a receipt book. */
export type ReceiptBookEvent =
  | ReceiptBookOpened
  | ReceiptPurposeNamed
  | ReceiptTemplateChanged
  | RestoreNoticed
  | ReceiptSeriesOpened
  | ReceiptIssued
  | ReceiptVoided;
