import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { formatPosition, type Position } from '#kernel/position.js';
import { decodeCursor, PageQuery, pageOf, type Page } from '#platform/http/paging.http.js';
import { RequestFault } from '#platform/http/request-fault.js';
import { READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ProjectionFold, Row } from '#read-models/projection.js';
import type { ReadModels } from '#read-models/read-models.js';
import { rowOf, selectList, tableName } from '#read-models/stored-table.js';

/** A row that stands in the order in which its first event was recorded. */
export type PositionedRow = Row & { readonly incarnation: number; readonly number: string };

/** Conditions on the rows of a list; what is undefined restricts nothing. */
export class Filter {
  readonly parameters: unknown[] = [];
  readonly #conditions: string[] = [];

  /** Adds a condition with `?` for the value, unless the value is undefined. */
  where(condition: string, value: unknown): this {
    if (value === undefined) return this;
    this.parameters.push(value);
    this.#conditions.push(condition.replace('?', `$${this.parameters.length}`));
    return this;
  }

  /** Only funds that the caller may see. */
  funds(granted: readonly string[] | 'all'): this {
    return granted === 'all' ? this : this.where('fund_id = ANY(?::uuid[])', granted);
  }

  /** All conditions as one, for a WHERE clause. */
  get sql(): string {
    return this.#conditions.length === 0 ? 'true' : this.#conditions.join(' AND ');
  }
}

/** A read model whose rows are read here. */
type Table<R extends Row> = Omit<ProjectionFold<R, never>, 'indexes'>;

/** Reads the tables that this service keeps. */
@Injectable()
export class Tables {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /**
   * The rows that meet the filter, in no order but `ending`'s. It must say `kept.number` and not `number`: what is
   * selected are texts, and texts of numbers sort otherwise.
   */
  async rows<R extends Row>(table: Table<R>, filter: Filter, ending = ''): Promise<readonly R[]> {
    const records: Record<string, unknown>[] = await this.database.query(
      `SELECT ${selectList(table)} FROM ${tableName(table, 'live')} AS kept WHERE ${filter.sql} ${ending}`,
      filter.parameters,
    );
    return records.map((record) => rowOf(table, record) as R);
  }

  /** One page, what was recorded last first; throws `http/invalid` for a cursor of another list. */
  async newestFirst<R extends PositionedRow, Item>(
    table: Table<R>,
    filter: Filter,
    page: PageQuery,
    item: (row: R) => Item,
  ): Promise<Page<Item>> {
    const limit = page.limit ?? PageQuery.defaultLimit;
    const after = decodeCursor(page.cursor, 2);
    if (after) olderThan(filter, after);
    const position = this.readModels.position('donations');
    const newest = `ORDER BY kept.incarnation DESC, kept.number DESC LIMIT ${limit + 1}`;
    const rows = await this.rows(table, filter, newest);
    const place = position ? formatPosition(position) : null;
    return pageOf(rows, limit, place, item, (row) => [row.incarnation.toString(), row.number]);
  }

  /** Waits until the tables have taken in the event at this position; throws `NotReached` when they lag for 2 s. */
  async reach(at: Position): Promise<void> {
    await this.readModels.waitFor('donations', at, 2_000);
  }
}

function olderThan(filter: Filter, [incarnation = '', number = '']: readonly string[]): void {
  if (!/^\d{1,9}$/.test(incarnation) || !/^\d{1,18}$/.test(number))
    throw new RequestFault('http/invalid', {
      fields: [{ field: 'cursor', reason: 'is not a cursor of this list' }],
    });
  filter.where(`(incarnation, number) < (${incarnation}, ?::bigint)`, number);
}
