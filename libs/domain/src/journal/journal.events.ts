import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/**
 * What a journal is for. A transfer between own accounts, interest and fees are facts of the bank that one accountant may
 * enter up to a ceiling; a first balance, the reversal of an entry and whatever else need a second person.
 */
export type JournalKind = 'opening' | 'transfer' | 'interest' | 'fee' | 'manual' | 'reversal';

/** One line: account, purpose and a debit, or below zero a credit. */
export interface JournalLine {
  readonly account: string;
  readonly purpose: string;
  readonly amount: MoneyJson;
}

/** What a journal says; its lines sum to zero per currency and per purpose. */
export interface JournalTerms {
  readonly fundId: string;
  readonly kind: JournalKind;
  readonly postings: readonly JournalLine[];
  /** Of a reversal: the entry whose lines these are the mirror of. */
  readonly reversesEntryId?: string;
  /** The accounting date in the fund's zone. */
  readonly effectiveOn: LocalDate;
}

/** Somebody wrote a journal; its narration is sealed (vault, books). */
export type JournalDrafted = DomainEvent<
  'JournalDrafted',
  JournalTerms & {
    readonly textRecordId: string;
    /** Staff id of the person who wrote it. */
    readonly draftedBy: string;
    /** Staff through whose hands that access went; absent where there is nobody. */
    readonly drafterEnabledBy?: readonly string[];
  }
>;

/** It was agreed on, by a second person where its kind needs one; carries all that the fund needs to post it. */
export type JournalApproved = DomainEvent<
  'JournalApproved',
  JournalTerms & {
    readonly approvedBy: string;
    /** The most that one person could enter alone then, one a currency; absent where a second agreed, where there is none, and before they were kept. */
    readonly ceilings?: readonly MoneyJson[];
  }
>;

/** A second person said no. */
export type JournalRejected = DomainEvent<
  'JournalRejected',
  { readonly rejectedBy: string; readonly reasonRecordId: string }
>;

/** The person who wrote it took it back before anyone agreed. */
export type JournalWithdrawn = DomainEvent<'JournalWithdrawn', { readonly withdrawnBy: string }>;

/** The fund has posted it. */
export type JournalCompleted = DomainEvent<'JournalCompleted', { readonly entryId: string }>;

/** The fund refused it; nothing was posted. */
export type JournalDeclined = DomainEvent<
  'JournalDeclined',
  {
    /** The fund's refusal code. */
    readonly code: string;
    readonly shortBy?: MoneyJson;
  }
>;

/** Its narration, and why somebody said no to it, are destroyed; its lines stand. */
export type JournalTextsErased = DomainEvent<
  'JournalTextsErased',
  {
    /** Counts the erasures of this journal from 1. */
    readonly erasure: number;
    readonly erasedBy: string;
  }
>;

/** Everything that can happen to a journal. */
export type JournalEvent =
  | JournalDrafted
  | JournalApproved
  | JournalRejected
  | JournalWithdrawn
  | JournalCompleted
  | JournalDeclined
  | JournalTextsErased;
