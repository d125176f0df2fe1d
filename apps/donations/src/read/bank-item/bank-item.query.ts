import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { Filter, Tables } from '../tables.js';
import { bankItemProjection, type BankItemRow } from './bank-item.projection.js';

/** What a list of bank items may be restricted to. */
export interface BankItemFilter {
  readonly status?: string;
  readonly kind?: string;
  readonly account?: string;
  readonly statementId?: string;
}

/** A bank item in a list; the sum in minor units, below zero where money went out. */
export interface ListedBankItem {
  readonly bankItemId: string;
  readonly fundId: string;
  readonly account: string;
  /** `debit` or `unexplained`. */
  readonly kind: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly bookedOn: string;
  readonly statementId: string;
  readonly line: number;
  /** `open`, `proposed`, `asked`, `posted` or `undoing`. */
  readonly status: string;
  /** What is said of it now, and under which id. */
  readonly said: { readonly as: string; readonly classificationId: string } | null;
  readonly recordedAt: string;
}

/** Lists bank items. */
@Injectable()
export class BankItemQuery {
  constructor(private readonly tables: Tables) {}

  /** One page of the bank items of these funds, what was recorded last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: BankItemFilter,
    page: PageQuery,
  ): Promise<Page<ListedBankItem>> {
    const filter = new Filter()
      .funds(funds)
      .where('status = ?', wanted.status)
      .where('kind = ?', wanted.kind)
      .where('account = ?', wanted.account)
      .where('statement_id = ?', wanted.statementId);
    return this.tables.newestFirst(bankItemProjection, filter, page, listed);
  }
}

function listed(row: BankItemRow): ListedBankItem {
  const { said, classification_id: classificationId } = row;
  return {
    ...{ bankItemId: row.bank_item_id, fundId: row.fund_id, account: row.account, kind: row.kind },
    amount: { amount: row.amount, currency: row.currency },
    ...{ bookedOn: row.booked_on, statementId: row.statement_id, line: row.line, status: row.status },
    said: said === null || classificationId === null ? null : { as: said, classificationId },
    recordedAt: row.recorded_at,
  };
}
