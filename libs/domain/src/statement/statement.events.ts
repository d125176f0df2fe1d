import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { Currency, MoneyJson } from '#kernel/money.js';
import type { ControlTotals } from './control-totals.policy.js';
import type { StatementProfile } from './statement-profile.js';

/** The file as it was sent: sealed in the vault (donors), since memos name people. */
export interface StatementFile {
  readonly fileRecordId: string;
  /** Keyed hash of its bytes, to tell the same file sent again. */
  readonly digest: string;
  readonly bytes: number;
  /** Keyed hash of dates, references, amounts and balances of its rows, to tell the same statement in another file; absent before it was kept. */
  readonly rowsDigest?: string;
}

/** Memos that name a campaign that received by this account on that day. */
export interface ForeseenCampaign {
  readonly campaignId: string;
  readonly code: string;
  readonly donations: number;
  readonly amount: MoneyJson;
}

/** An opening entry that begins after some of a statement's new rows, and so has their money in it already. */
export interface LaterOpening {
  readonly entryId: string;
  readonly effectiveOn: LocalDate;
}

/** A donation that somebody entered by hand and that may be the money of a new row: same account and sum, dates near. */
export interface EnteredDonation {
  readonly line: number;
  readonly donationId: string;
  readonly receivedOn: LocalDate;
  readonly amount: MoneyJson;
}

/** Donations entered by hand that new rows may say again: how many, and the first twenty. */
export interface EnteredDonations {
  readonly count: number;
  readonly first: readonly EnteredDonation[];
}

/**
 * A new row that says what an own transfer, a refund or a journal moved on this account already: recorded as a bank item
 * that waits to be claimed with that entry, and not as a donation.
 */
export interface OtherHalf {
  readonly line: number;
  /** The id that the row is recorded under. */
  readonly rowId: string;
  /** The entry that moved it. */
  readonly entryId: string;
  readonly amount: MoneyJson;
}

/** Another statement, not discarded, with the very same rows under another account or fund. */
export interface SameFile {
  readonly statementId: string;
  readonly fundId: string;
  readonly account: string;
}

/** What a person has to have seen before a statement is confirmed, since its rows are not easily taken back. */
export type StatementDoubt = 'account-new' | 'same-file' | 'entered-by-hand';

/** What a statement's rows would become, as things stood when it was uploaded. */
export interface ForeseenRows {
  /** Rows of money that came in and that are new. */
  readonly donations: number;
  /** Rows of money that went out and that are new. */
  readonly debits: number;
  /** Balances that say more or less than their rows do, and that are new. */
  readonly unexplained: number;
  /** Rows and unexplained balances that were recorded already, from another file. */
  readonly known: number;
  /** Of the new donations, those whose memo names a campaign, by campaign. */
  readonly campaigns: readonly ForeseenCampaign[];
  /** New donations whose memo names a campaign that did not receive by this account on that day, or several. */
  readonly misdirected: number;
  /** What the books say that the account stood at before the first row, known rows of the file counted out. */
  readonly bookBalance: MoneyJson;
  /** Where there is such an entry. */
  readonly laterOpening?: LaterOpening;
  /**
   * What the books would say on the last row's day, all rows entered, less the closing balance; other halves of own
   * transfers are reckoned as claimed. Absent where that is nothing.
   */
  readonly closingDifference?: MoneyJson;
  /** Absent where there are none. */
  readonly entered?: EnteredDonations;
  /** Counted among `debits` and `unexplained`; absent where there are none. */
  readonly otherHalves?: readonly OtherHalf[];
  readonly sameFile?: SameFile;
  /** Whether neither the books, nor a campaign, nor an earlier statement know the account. */
  readonly accountNew?: boolean;
}

/** A bank's statement was read and adds up to this; nothing of it is in the books. */
export type StatementUploaded = DomainEvent<
  'StatementUploaded',
  {
    readonly statementId: string;
    readonly fundId: string;
    /** `bank.<account>`. */
    readonly account: string;
    readonly currency: Currency;
    readonly file: StatementFile;
    /** How the file was read, so that it is read the same when it is imported. */
    readonly profile: StatementProfile;
    readonly totals: ControlTotals;
    readonly foreseen: ForeseenRows;
    readonly uploadedBy: string;
  }
>;

/** Money that stood on the account before the first row and that the books do not know. */
export interface OpeningEntry {
  readonly amount: MoneyJson;
  /** The date of the first row. */
  readonly effectiveOn: LocalDate;
}

/** An accountant has seen the totals and wants the rows in the books. */
export type StatementConfirmed = DomainEvent<
  'StatementConfirmed',
  {
    readonly statementId: string;
    readonly fundId: string;
    readonly account: string;
    readonly confirmedBy: string;
    /** Where the books stood at another balance than the statement opens with. */
    readonly openingEntry?: OpeningEntry;
    /** What was doubtful and seen; absent where nothing was. */
    readonly doubts?: readonly StatementDoubt[];
    /** By how much the books were seen to differ from the closing balance; absent where they do not. */
    readonly closingDifference?: MoneyJson;
    /** Rows whose money the books have already, settled here so that whoever imports them finds the same. */
    readonly otherHalves?: readonly OtherHalf[];
  }
>;

/** How many rows became what. A row whose balance says more than its amount counts twice. */
export interface ImportedRows {
  readonly donations: number;
  readonly debits: number;
  readonly unexplained: number;
  /** Rows that were in the books already, from an overlapping file. */
  readonly known: number;
}

/** Every row of it is recorded. */
export type StatementImported = DomainEvent<'StatementImported', ImportedRows>;

/** It was the wrong file, or nobody confirmed it; nothing of it was ever recorded. `discardedBy` is who put it aside. */
export type StatementDiscarded = DomainEvent<'StatementDiscarded', { readonly discardedBy: string }>;

/** Everything that can happen to a statement. */
export type StatementEvent = StatementUploaded | StatementConfirmed | StatementImported | StatementDiscarded;
