import type { DataSource } from 'typeorm';
import { rowOf, selectList } from '#read-models/stored-table.js';
import { purposes, type PurposeRow } from '../purposes/purposes.projection.js';
import { funds, type FundRow } from './funds.projection.js';

/** Funds in order of their codes after `after`, of these ids or all; one more than `limit` tells of a next page. */
export async function findFunds(
  database: DataSource,
  ids: readonly string[] | 'all',
  after: string | undefined,
  limit: number,
): Promise<readonly FundRow[]> {
  const records: readonly Record<string, unknown>[] = await database.query(
    `SELECT ${selectList(funds)} FROM ledger.funds
     WHERE ($1::uuid[] IS NULL OR fund_id = ANY($1)) AND ($2::text IS NULL OR code > $2)
     ORDER BY code LIMIT $3`,
    [ids === 'all' ? null : ids, after ?? null, limit + 1],
  );
  return records.map((record) => rowOf(funds, record) as FundRow);
}

/** The purposes of a fund in order of their codes. */
export async function findPurposes(database: DataSource, fundId: string): Promise<readonly PurposeRow[]> {
  const records: readonly Record<string, unknown>[] = await database.query(
    `SELECT ${selectList(purposes)} FROM ledger.purposes WHERE fund_id = $1 ORDER BY code, purpose`,
    [fundId],
  );
  return records.map((record) => rowOf(purposes, record) as PurposeRow);
}
