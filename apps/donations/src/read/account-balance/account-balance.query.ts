import { Injectable } from '@nestjs/common';
import { localDate, type LocalDate } from '#kernel/dates.js';
import type { LaterOpening } from '#domain/statement/statement.events.js';
import type { Currency } from '#kernel/money.js';
import { Filter, Tables } from '../tables.js';
import { accountBalanceProjection } from './account-balance.projection.js';
import { openingEntryProjection } from './opening-entry.projection.js';

/** A bank account of a fund, in one currency. */
export interface AskedAccount {
  readonly fundId: string;
  readonly account: string;
  readonly currency: Currency;
}

/** What the books say of bank accounts, as far as the ledger has told. */
@Injectable()
export class AccountBalanceQuery {
  constructor(private readonly tables: Tables) {}

  /** The account's balance in minor units at the end of the day. */
  async at({ fundId, account, currency }: AskedAccount, day: LocalDate): Promise<bigint> {
    const filter = new Filter()
      .where('fund_id = ?', fundId)
      .where('account = ?', account)
      .where('currency = ?', currency)
      .where('day <= ?', day);
    const rows = await this.tables.rows(accountBalanceProjection, filter);
    return rows.reduce((sum, { moved }) => sum + BigInt(moved), 0n);
  }

  /** The first opening entry of the account that stands and begins after the day. */
  async openedAfter(
    { fundId, account, currency }: AskedAccount,
    day: LocalDate,
  ): Promise<LaterOpening | undefined> {
    const filter = new Filter()
      .where('fund_id = ?', fundId)
      .where('account = ?', account)
      .where('currency = ?', currency)
      .where('day > ?', day);
    const [first] = await this.tables.rows(openingEntryProjection, filter, 'ORDER BY kept.day LIMIT 1');
    return first && { entryId: first.entry_id, effectiveOn: localDate(first.day) };
  }
}
