import { Injectable } from '@nestjs/common';
import type { LocalDate } from '#kernel/dates.js';
import type { Currency } from '#kernel/money.js';
import { Filter, Tables } from '../tables.js';
import { accountBalanceProjection } from './account-balance.projection.js';

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
}
