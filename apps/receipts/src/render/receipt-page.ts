import type { LocalDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';
import type { Bilingual, ReceiptFund, ReceiptedItem } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptTemplate } from '#domain/receipt-book/receipt-template.policy.js';

/** Who paid, in plain words for the paper; personal data. */
export type PagePayer =
  | { readonly kind: 'anonymous' | 'unidentified' | 'erased' }
  | { readonly kind: 'named'; readonly name: string; readonly address?: string };

/** Everything that stands on a receipt. Plain data: equal pages give equal PDF bytes. */
export interface ReceiptPage {
  readonly fund: ReceiptFund;
  readonly template: ReceiptTemplate;
  readonly number: string;
  /** The book it was torn from, such as `2025` or `2025B`. */
  readonly book: string;
  /** The day it got its number, in the fund's zone. */
  readonly issuedOn: LocalDate;
  /** When it got its number (RFC 3339): the PDF's own date. */
  readonly issuedAt: string;
  readonly payer: PagePayer;
  readonly method: 'cash' | 'bank' | 'in-kind';
  readonly amount?: MoneyJson;
  readonly items: readonly ReceiptedItem[];
  readonly purpose: Bilingual;
  readonly receivedOn: LocalDate;
  readonly language: 'vi' | 'en';
  /** Number of the receipt that this one replaces. */
  readonly replaces?: string;
}
