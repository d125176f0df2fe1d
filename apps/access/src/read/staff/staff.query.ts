import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { formatPosition } from '#kernel/position.js';
import { decodeCursor, pageOf, PageQuery, type Page } from '#platform/http/paging.http.js';
import { READ_DATABASE, READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { rowOf, selectList, tableName } from '#read-models/stored-table.js';
import { staffProjection, type StaffRow } from './staff.projection.js';

/** A person in a list; the name is in the vault, under `contactRecordId`. */
export interface ListedStaff {
  readonly staffId: string;
  readonly fundId: string;
  readonly status: string;
  readonly contactRecordId: string;
  readonly secondFactor: boolean;
  readonly linkRequested: boolean;
  readonly registeredAt: string;
}

/** Lists staff. */
@Injectable()
export class StaffQuery {
  constructor(
    @Inject(READ_DATABASE) private readonly database: DataSource,
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
  ) {}

  /** One page of the staff of these funds or with a grant on them, who was registered last first. */
  async list(
    funds: readonly string[] | 'all',
    status: string | undefined,
    page: PageQuery,
  ): Promise<Page<ListedStaff>> {
    const limit = page.limit ?? PageQuery.defaultLimit;
    const [incarnation = null, number = null] = decodeCursor(page.cursor, 2, /^\d{1,15}$/) ?? [];
    const position = this.readModels.position('access');
    // Qualified, because the selected columns are texts, and texts of numbers sort otherwise.
    const records: Record<string, unknown>[] = await this.database.query(
      `SELECT ${selectList(staffProjection)} FROM ${tableName(staffProjection, 'live')} AS staff
       WHERE ($1::text[] IS NULL OR fund_id = ANY($1) OR granted_fund_ids && $1)
         AND ($2::text IS NULL OR status = $2)
         AND ($3::bigint IS NULL OR (staff.incarnation::bigint, staff.number) < ($3::bigint, $4::bigint))
       ORDER BY staff.incarnation DESC, staff.number DESC LIMIT ${limit + 1}`,
      [funds === 'all' ? null : funds, status ?? null, incarnation, number],
    );
    const rows = records.map((record) => rowOf(staffProjection, record) as StaffRow);
    const place = position ? formatPosition(position) : null;
    return pageOf(rows, limit, place, listed, (row) => [row.incarnation.toString(), row.number]);
  }
}

function listed(row: StaffRow): ListedStaff {
  return {
    staffId: row.staff_id,
    fundId: row.fund_id,
    status: row.status,
    contactRecordId: row.contact_record_id,
    secondFactor: row.second_factor,
    linkRequested: row.link_requested,
    registeredAt: row.registered_at,
  };
}
