import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { SameFile, StatementFile } from '#domain/statement/statement.events.js';
import { localDate, type LocalDate } from '#kernel/dates.js';
import { READ_DATABASE } from '#platform/tokens.js';
import { tableName } from '#read-models/stored-table.js';
import { accountBalanceProjection } from '../account-balance/account-balance.projection.js';
import type { AskedAccount } from '../account-balance/account-balance.query.js';
import { bankAccountProjection } from '../bank-account/bank-account.projection.js';
import { bankItemProjection } from '../bank-item/bank-item.projection.js';
import { claimableEntryProjection } from '../account-balance/claimable-entry.projection.js';
import { campaignProjection } from '../campaign/campaign.projection.js';
import { donationProjection } from '../donation/donation.projection.js';
import { statementProjection } from './statement.projection.js';

/** How many days apart two banks, or a bank and a cashier, may enter the same money. */
export const daysApartMax = 5;

/** Money that the books have on an account, and that a bank may tell once more. */
export interface MaybeTold {
  /** The id of the entry of the books. */
  readonly entryId: string;
  /** What it did to the account, in minor units. */
  readonly amount: bigint;
  readonly on: LocalDate;
  /** False of an own transfer that the ledger has not answered yet; one that is being undone stands until it has. */
  readonly posted: boolean;
}

/** Sums and days of what to look for. */
export interface LikeRows {
  readonly amounts: readonly bigint[];
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** Which donations to look for. */
export interface LikeDonations extends LikeRows {
  /** Whether those that were read from a statement are left out. */
  readonly enteredByHand: boolean;
}

interface Told {
  readonly id: string;
  readonly amount: string;
  readonly day: string;
  readonly posted?: boolean;
}

/** More than these are not looked at. */
const claimableMax = 1_000;
const donationsMax = 1_000;

/** What the books may have of an account's money already, as far as this service's tables have taken in. */
@Injectable()
export class DoublesQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /**
   * What stands on the account and no item claims yet: what own transfers said of other accounts' items brought or took,
   * refunds and journals, of one of these sums, at most {@link daysApartMax} days off; a thousand at most.
   */
  async unclaimed(
    { fundId, account, currency }: AskedAccount,
    { amounts, from, to }: LikeRows,
  ): Promise<readonly MaybeTold[]> {
    const rows = await this.database.query<Told[]>(
      `SELECT entry_id AS id, amount::text AS amount, day::text AS day, posted FROM ${claimable()} AS entry
        WHERE NOT EXISTS (SELECT 1 FROM ${tableName(bankItemProjection, 'live')} AS claim
                           WHERE claim.claims_entry = entry.entry_id AND claim.account = $2)
          AND amount = ANY($4::numeric[])
          AND day BETWEEN $5::date - ${String(daysApartMax)} AND $6::date + ${String(daysApartMax)}
        ORDER BY day, entry_id LIMIT ${String(claimableMax)}`,
      [fundId, account, currency, amounts.map(String), from, to],
    );
    return rows.map(toldOf);
  }

  /** Items of the account that nobody has said anything of: each may be what the books have already. A thousand at most, the last first. */
  async openItems({ fundId, account, currency }: AskedAccount): Promise<readonly MaybeTold[]> {
    const rows = await this.database.query<Told[]>(
      `SELECT bank_item_id::text AS id, amount::text AS amount, booked_on::text AS day
         FROM ${tableName(bankItemProjection, 'live')}
        WHERE fund_id = $1 AND account = $2 AND currency = $3 AND status = 'open'
        ORDER BY booked_on DESC, incarnation, number LIMIT ${String(claimableMax)}`,
      [fundId, account, currency],
    );
    return rows.map(toldOf);
  }

  /**
   * By how much the books' account at the end of the day is off the bank's because entries stand on other days than the
   * items that were found to be them: what it would stand at with each on the day of its item, less what it stands at.
   */
  async claimedElsewhen({ fundId, account, currency }: AskedAccount, day: LocalDate): Promise<bigint> {
    const [row] = await this.database.query<{ readonly moved: string }[]>(
      `SELECT coalesce(sum(CASE WHEN claim.booked_on <= $4 THEN entry.amount ELSE 0 END)
                     - sum(CASE WHEN entry.day <= $4 THEN entry.amount ELSE 0 END), 0)::text AS moved
         FROM ${claimable()} AS entry
         JOIN ${tableName(bankItemProjection, 'live')} AS claim
           ON claim.claims_entry = entry.entry_id AND claim.account = $2
        WHERE claim.status IN ('posted', 'undoing')`,
      [fundId, account, currency, day],
    );
    return BigInt(row?.moved ?? '0');
  }

  /** Whether people entered any donation that stands as received on the account by themselves. */
  async hasEntered({ fundId, account, currency }: AskedAccount): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      `SELECT 1 FROM ${tableName(donationProjection, 'live')}
        WHERE fund_id = $1 AND account = $2 AND currency = $3 AND status <> 'voided' AND statement_id IS NULL LIMIT 1`,
      [fundId, account, currency],
    );
    return rows.length > 0;
  }

  /** Donations that stand as received on the account, of one of these sums, at most {@link daysApartMax} days off; a thousand at most. */
  async donations(
    { fundId, account, currency }: AskedAccount,
    { amounts, from, to, enteredByHand }: LikeDonations,
  ): Promise<readonly MaybeTold[]> {
    const [donations, items] = [donationProjection, bankItemProjection].map((table) =>
      tableName(table, 'live'),
    );
    // What a bank item turned out to be came from a statement too.
    const entered = `AND statement_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM ${items ?? ''} AS item WHERE item.classification_id = donation_id)`;
    const rows = await this.database.query<Told[]>(
      `SELECT donation_id AS id, amount::text AS amount, received_on::text AS day FROM ${donations ?? ''}
        WHERE fund_id = $1 AND account = $2 AND currency = $3 AND status <> 'voided'
          AND amount = ANY($4::numeric[]) ${enteredByHand ? entered : ''}
          AND received_on BETWEEN $5::date - ${String(daysApartMax)} AND $6::date + ${String(daysApartMax)}
        ORDER BY received_on, incarnation, number LIMIT ${String(donationsMax)}`,
      [fundId, account, currency, amounts.map(String), from, to],
    );
    return rows.map(({ id, ...row }) => toldOf({ id: `donation.${id}`, ...row }));
  }

  /**
   * A statement of the very same rows under another account or fund, that was not discarded; what was confirmed first, if
   * any was. One that was uploaded before the rows were told apart is known by the bytes of its file alone.
   */
  async sameFile(
    { fundId, account }: AskedAccount,
    { rowsDigest, digest }: Pick<StatementFile, 'digest'> & Required<Pick<StatementFile, 'rowsDigest'>>,
  ): Promise<SameFile | undefined> {
    const [first] = await this.database.query<SameFile[]>(
      `SELECT statement_id AS "statementId", fund_id AS "fundId", account
         FROM ${tableName(statementProjection, 'live')}
        WHERE (rows_digest = $3 OR (rows_digest IS NULL AND digest = $4))
          AND status <> 'discarded' AND (fund_id <> $1 OR account <> $2)
        ORDER BY confirmed_number NULLS LAST, incarnation, number LIMIT 1`,
      [fundId, account, rowsDigest, digest],
    );
    return first;
  }

  /** Whether the books have the account, with money or without, or a campaign receives there, or a statement of it was confirmed. */
  async isAccountKnown({ fundId, account }: AskedAccount): Promise<boolean> {
    const [accounts, balances, campaigns, statements] = [
      bankAccountProjection,
      accountBalanceProjection,
      campaignProjection,
      statementProjection,
    ].map((table) => tableName(table, 'live'));
    const rows = await this.database.query<unknown[]>(
      `SELECT 1 FROM ${accounts ?? ''} WHERE fund_id = $1 AND account = $2
       UNION SELECT 1 FROM ${balances ?? ''} WHERE fund_id = $1 AND account = $2
       UNION SELECT 1 FROM ${campaigns ?? ''} WHERE fund_id = $1 AND receiving_account = $2
       UNION SELECT 1 FROM ${statements ?? ''}
              WHERE fund_id = $1 AND account = $2 AND status IN ('confirmed', 'imported') LIMIT 1`,
      [fundId, account],
    );
    return rows.length > 0;
  }
}

/** All that an item of the account ($2) of the fund ($1) may be found to be, in the currency ($3). */
function claimable(): string {
  return `(SELECT 'classification.' || own.classification_id::text AS entry_id, -own.amount AS amount, own.booked_on AS day,
                  own.status IN ('posted', 'undoing') AS posted
             FROM ${tableName(bankItemProjection, 'live')} AS own
            WHERE own.fund_id = $1 AND own.other_account = $2 AND own.currency = $3
           UNION ALL
           SELECT entry_id, amount, day, true FROM ${tableName(claimableEntryProjection, 'live')}
            WHERE fund_id = $1 AND account = $2 AND currency = $3)`;
}

function toldOf({ id, amount, day, posted = true }: Told): MaybeTold {
  return { entryId: id, amount: BigInt(amount), on: localDate(day), posted };
}
