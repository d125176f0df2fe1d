import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** A movement of a bank account that is no donation, or that nobody can explain. */
export interface BankItem {
  readonly bankItemId: string;
  readonly fundId: string;
  /** `bank.<account>`. */
  readonly account: string;
  /** `debit` is a row of money that went out; `unexplained` is what a balance says beyond the amounts of its rows. */
  readonly kind: 'debit' | 'unexplained';
  /** What it did to the account: below zero where money went out. */
  readonly amount: MoneyJson;
  /** The date that the bank booked it on. */
  readonly bookedOn: LocalDate;
  /** The statement that it was found in, and the line there. */
  readonly statementId: string;
  readonly line: number;
}

/** It was a donation: whose and what for, as far as anybody knows. */
export interface GivenDonation {
  readonly as: 'donation';
  /** A registered donor; unidentified when absent. */
  readonly donorId?: string;
  /** The campaign that it is for. */
  readonly campaignId?: string;
  /** `unrestricted`, or the id of a purpose; the campaign's, or unrestricted, when absent. */
  readonly purpose?: string;
  /** Language of the receipt. */
  readonly language: 'vi' | 'en';
}

/**
 * What a bank item was, as a person says: a fee of the bank on a purpose, cash taken out, money moved to or from an own
 * account, what the entry `entryId` took from or brought to this account already (a refund, a journal), a donation
 * (`donation-<classificationId>`), or whatever the account of the chart says.
 */
export type Classification =
  | { readonly as: 'bank-fee'; readonly purpose: string }
  | { readonly as: 'cash-withdrawn' }
  | { readonly as: 'own-transfer'; readonly account: string }
  | { readonly as: 'posted'; readonly entryId: string }
  | GivenDonation
  | { readonly as: 'other'; readonly account: string; readonly purpose: string };

interface Named {
  readonly classificationId: string;
}

interface Declined extends Named {
  /** The ledger's refusal code. */
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

/** It was found in a statement; `memoRecordId` seals memo, reference and counterparty (vault, donors). */
export type BankItemRecorded = DomainEvent<'BankItemRecorded', BankItem & { readonly memoRecordId?: string }>;

/** Somebody says what it was, in a way that a second person has to agree to. */
export type ClassificationProposed = DomainEvent<
  'ClassificationProposed',
  Named & {
    readonly classification: Classification;
    readonly proposedBy: string;
    /** Staff through whose hands that access went; absent where there is nobody. */
    readonly proposerEnabledBy?: readonly string[];
    readonly noteRecordId?: string;
  }
>;

/** A second person said no, or who proposed it took it back. */
export type ClassificationRejected = DomainEvent<
  'ClassificationRejected',
  Named & { readonly rejectedBy: string; readonly reasonRecordId: string }
>;

/** It is said what it was; carries all that the ledger needs to answer. */
export type BankItemClassified = DomainEvent<
  'BankItemClassified',
  Named & {
    readonly item: BankItem;
    readonly classification: Classification;
    readonly classifiedBy: string;
    /** The second person, where one is needed. */
    readonly approvedBy?: string;
    /** The most of it that one person could say alone then; absent where a second agreed, where there is none, and before they were kept. */
    readonly ceiling?: MoneyJson;
    readonly noteRecordId?: string;
  }
>;

/** The ledger has posted it. */
export type ClassificationPosted = DomainEvent<'ClassificationPosted', Named & { readonly entryId: string }>;
/** The ledger refused it; the item is open again. */
export type ClassificationDeclined = DomainEvent<'ClassificationDeclined', Declined>;

/** Somebody says that it was something else; carries all that the ledger needs to answer. */
export type ClassificationUndone = DomainEvent<
  'ClassificationUndone',
  Named & {
    readonly item: BankItem;
    readonly classification: Classification;
    readonly undoneBy: string;
    readonly reasonRecordId: string;
  }
>;

/** The ledger has reversed it; the item is open again. */
export type ClassificationReversed = DomainEvent<
  'ClassificationReversed',
  Named & { readonly entryId: string }
>;
/** The ledger refused to reverse it; it stays as classified. */
export type ClassificationReversalDeclined = DomainEvent<'ClassificationReversalDeclined', Declined>;

/** The donation that it was classified as was voided; its money is in suspense and the item open again. */
export type BankItemReleased = DomainEvent<'BankItemReleased', Named & { readonly entryId: string }>;

/** What the bank wrote of it, and what people said of it in free text, is destroyed; sums and classifications stand. */
export type BankItemTextsErased = DomainEvent<
  'BankItemTextsErased',
  {
    /** Counts the erasures of this item from 1. */
    readonly erasure: number;
    readonly erasedBy: string;
  }
>;

/** Everything that can happen to a bank item. */
export type BankItemEvent =
  | BankItemRecorded
  | ClassificationProposed
  | ClassificationRejected
  | BankItemClassified
  | ClassificationPosted
  | ClassificationDeclined
  | ClassificationUndone
  | ClassificationReversed
  | ClassificationReversalDeclined
  | BankItemReleased
  | BankItemTextsErased;
