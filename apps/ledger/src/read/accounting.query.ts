import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { formatPosition } from '#kernel/position.js';
import { decodeCursor, PageQuery, pageOf, type Page } from '#platform/http/paging.http.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { Projection, Row } from '#read-models/projection.js';
import type { ReadModels } from '#read-models/read-models.js';
import { rowOf, selectList, tableName } from '#read-models/stored-table.js';
import { cashCounts, type CashCountRow } from './cash-counts/cash-counts.projection.js';
import { journals, type JournalRow } from './journals/journals.projection.js';
import { namedRecords } from './named-records/named-records.projection.js';
import { periods, type PeriodRow } from './periods/periods.projection.js';

type Positioned = Row & {
  readonly fund_id: string;
  readonly incarnation: number;
  readonly number: string;
};

/** What an accountant does beside the entries, as lists of a fund: the newest first. */
@Injectable()
export class AccountingQuery {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** Journals, those that never stood in the books included. */
  journals<Item>(fundId: string, page: PageQuery, item: (row: JournalRow) => Item): Promise<Page<Item>> {
    return this.#newestFirst(journals, fundId, page, item);
  }

  /** Closings and reopenings. */
  periods(fundId: string, page: PageQuery): Promise<Page<PeriodRow>> {
    return this.#newestFirst(periods, fundId, page, (row) => row);
  }

  /** Whether anybody ever asked that of the fund, as far as the table stands. */
  async isReopening(fundId: string, reopeningId: string): Promise<boolean> {
    const rows: readonly unknown[] = await this.database.query(
      `SELECT 1 FROM ${tableName(periods, 'live')} WHERE key = $1 AND fund_id = $2 AND kind = 'reopening'`,
      [reopeningId, fundId],
    );
    return rows.length > 0;
  }

  /** Cash counts. */
  cashCounts<Item>(fundId: string, page: PageQuery, item: (row: CashCountRow) => Item): Promise<Page<Item>> {
    return this.#newestFirst(cashCounts, fundId, page, item);
  }

  /** Those of the vault's records that an event names, as far as the table stands; for `VaultRoom.sweep`. */
  async named(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: readonly { readonly record_id: string }[] = await this.database.query(
      `SELECT record_id FROM ${tableName(namedRecords, 'live')} WHERE record_id = ANY($1::uuid[])`,
      [recordIds],
    );
    return new Set(rows.map((row) => row.record_id));
  }

  async #newestFirst<R extends Positioned, Item>(
    table: Projection<R>,
    fundId: string,
    page: PageQuery,
    item: (row: R) => Item,
  ): Promise<Page<Item>> {
    const limit = page.limit ?? PageQuery.defaultLimit;
    const [incarnation = null, number = null] = cursorOf(page);
    const position = this.readModels.position('ledger');
    const records: readonly Record<string, unknown>[] = await this.database.query(
      `SELECT ${selectList(table)} FROM ${tableName(table, 'live')} AS kept
       WHERE fund_id = $1 AND ($2::integer IS NULL OR (kept.incarnation, kept.number) < ($2, $3::bigint))
       ORDER BY kept.incarnation DESC, kept.number DESC LIMIT $4`,
      [fundId, incarnation, number, limit + 1],
    );
    const rows = records.map((record) => rowOf(table, record) as R);
    const place = position ? formatPosition(position) : null;
    return pageOf(rows, limit, place, item, (row) => [String(row.incarnation), row.number]);
  }
}

function cursorOf({ cursor }: PageQuery): readonly string[] {
  const parts = decodeCursor(cursor, 2) ?? [];
  const [incarnation = '0', number = '0'] = parts;
  if (/^\d{1,9}$/.test(incarnation) && /^\d{1,18}$/.test(number)) return parts;
  throw new RequestFault('http/invalid', {
    fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
  });
}
