import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Page, PageQuery } from '#platform/http/paging.http.js';
import { READ_DATABASE } from '#platform/tokens.js';
import { tableName } from '#read-models/stored-table.js';
import { postedItemProjection } from '../account-balance/posted-item.projection.js';
import { bankItemProjection } from '../bank-item/bank-item.projection.js';
import { donationProjection } from '../donation/donation.projection.js';
import { historyProjection } from '../history/history.projection.js';
import { Filter, Tables } from '../tables.js';
import { statementProjection, type StatementRow } from './statement.projection.js';

/** A statement in a list. */
export interface ListedStatement {
  readonly statementId: string;
  readonly fundId: string;
  readonly account: string;
  readonly profile: string;
  /** `uploaded`, `confirmed`, `imported` or `discarded`. */
  readonly status: string;
  readonly rows: number;
  readonly opening: { readonly amount: string; readonly currency: string };
  readonly closing: { readonly amount: string; readonly currency: string };
  readonly breaks: number;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly uploadedAt: string;
  readonly uploadedBy: string;
}

/** What of a statement is recorded and what the other services have done with it. */
export interface StatementProgress {
  /** Donations that its rows became. */
  readonly donations: number;
  /** Bank items that it became: debits and unexplained balances. */
  readonly items: number;
  /** Of both, how many stand in the books. */
  readonly posted: number;
  /** Of the donations, how many have a receipt number. */
  readonly numbered: number;
}

/** The account whose statement one is. */
interface StatementsOf {
  readonly fundId: string;
  readonly account: string;
}

/** Lists statements, and tells how far each is. */
@Injectable()
export class StatementQuery {
  constructor(
    private readonly tables: Tables,
    @Inject(READ_DATABASE) private readonly database: DataSource,
  ) {}

  /** One page of the statements of these funds, what was uploaded last first. */
  async list(
    funds: readonly string[] | 'all',
    wanted: { readonly status?: string; readonly account?: string },
    page: PageQuery,
  ): Promise<Page<ListedStatement>> {
    const filter = new Filter()
      .funds(funds)
      .where('status = ?', wanted.status)
      .where('account = ?', wanted.account);
    return this.tables.newestFirst(statementProjection, filter, page, listed);
  }

  /** Those that wait to be imported, the oldest first. */
  async confirmed(): Promise<readonly StatementRow[]> {
    const filter = new Filter().where('status = ?', 'confirmed');
    return this.tables.rows(statementProjection, filter, 'ORDER BY kept.incarnation, kept.number');
  }

  /** The statements of an account that were confirmed last, three at most, the last first. */
  async latestConfirmed({ fundId, account }: StatementsOf): Promise<readonly StatementRow[]> {
    const filter = new Filter()
      .where('fund_id = ?', fundId)
      .where('account = ?', account)
      .where('status = ANY(?::text[])', ['confirmed', 'imported']);
    // Each waits for the one before, however long ago it was uploaded.
    const latest = 'ORDER BY kept.confirmed_number DESC LIMIT 3';
    return this.tables.rows(statementProjection, filter, latest);
  }

  /** How far a statement is, as far as this service's tables have taken in. */
  async progress(statementId: string): Promise<StatementProgress> {
    const [donations, items, history, posted] = [
      donationProjection,
      bankItemProjection,
      historyProjection,
      postedItemProjection,
    ].map((projection) => tableName(projection, 'live'));
    const told = (type: string): string =>
      `SELECT count(DISTINCT donation_id) FROM ${history ?? ''} JOIN own USING (donation_id) WHERE type = '${type}'`;
    const [counted] = await this.database.query<Record<string, string>[]>(
      `WITH own AS (SELECT donation_id FROM ${donations ?? ''} WHERE statement_id = $1),
            found AS (SELECT bank_item_id FROM ${items ?? ''} WHERE statement_id = $1)
       SELECT (SELECT count(*) FROM own) AS donations, (SELECT count(*) FROM found) AS items,
         (${told('DonationPosted.v1')}) AS posted, (${told('ReceiptIssued.v1')}) AS numbered,
         (SELECT count(*) FROM found JOIN ${posted ?? ''} USING (bank_item_id)) AS posted_items`,
      [statementId],
    );
    const count = (name: string): number => Number.parseInt(counted?.[name] ?? '0', 10);
    return {
      ...{ donations: count('donations'), items: count('items'), numbered: count('numbered') },
      posted: count('posted') + count('posted_items'),
    };
  }
}

function listed(row: StatementRow): ListedStatement {
  const sum = (amount: string) => ({ amount, currency: row.currency });
  return {
    ...{ statementId: row.statement_id, fundId: row.fund_id, account: row.account },
    ...{ profile: row.profile, status: row.status, rows: row.rows, breaks: row.breaks },
    ...{ opening: sum(row.opening), closing: sum(row.closing) },
    ...{ firstOn: row.first_on, lastOn: row.last_on },
    ...{ uploadedAt: row.uploaded_at, uploadedBy: row.uploaded_by },
  };
}
