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
