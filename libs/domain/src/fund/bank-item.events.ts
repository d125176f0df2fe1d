import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';
import type { Entry, EntryRefusal } from './entry.events.js';

/**
 * A movement of a bank account that is no donation: `debit` is a row of money that went out, `unexplained` what a balance
 * says beyond the amounts of its rows.
 */
export interface BankItem {
  readonly bankItemId: string;
  /** `bank.<account>`. */
  readonly account: string;
  readonly kind: 'debit' | 'unexplained';
  /** What it did to the account: below zero where money went out. */
  readonly amount: MoneyJson;
  /** The date that the bank booked it on. */
  readonly bookedOn: LocalDate;
  readonly statementId: string;
  /** Line of the statement that it was found on; the first line is 1. */
  readonly line: number;
}

/**
 * What a person says that a bank item was. As a donation it is posted with that donation, and not by itself; `posted` names
 * the entry that moved the account already: a refund, a journal, or an own transfer said of the other account's item.
 */
export type Classification =
  | { readonly as: 'bank-fee'; readonly purpose: string }
  | { readonly as: 'cash-withdrawn' }
  | { readonly as: 'own-transfer'; readonly account: string }
  | { readonly as: 'posted'; readonly entryId: string }
  | { readonly as: 'other'; readonly account: string; readonly purpose: string };

/** A movement of a bank account stands in the books, in suspense until somebody says what it was. */
export type BankItemPosted = DomainEvent<'BankItemPosted', Entry & { readonly item: BankItem }>;

interface Classified {
  readonly bankItemId: string;
  readonly classificationId: string;
  /** Whether this answers what was said of the item, or that it was taken back. */
  readonly of: 'classification' | 'undoing';
}

/** What was said of a bank item stands in the books, or stands there no longer. */
export type ClassificationPosted = DomainEvent<
  'ClassificationPosted',
  Entry &
    Classified & {
      readonly classification: Classification;
      /** The item's own entry that it takes out of suspense; or the classification's that it reverses. */
      readonly reversesEntryId: string;
      /** The day that the bank booked the item on, where a closed period moved the entry to another. */
      readonly bookedOn?: LocalDate;
    }
>;

/** What was said of a bank item was refused; nothing was posted. */
export type ClassificationRefused = DomainEvent<
  'ClassificationRefused',
  Classified & {
    readonly code: EntryRefusal;
    /** How much money is missing, where money is. */
    readonly shortBy?: MoneyJson;
  }
>;
