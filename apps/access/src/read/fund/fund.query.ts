import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';
import { tableName } from '#read-models/stored-table.js';
import { fundProjection } from './fund.projection.js';

/** Most levels of funds under one another; deeper ones are not looked for. */
const levelsMax = 8;

/** Which funds stand under a fund. */
export interface FundTree {
  /** The ids of all funds under each of these, near and far, without itself. */
  under(fundIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** The funds that the ledger has told of. */
@Injectable()
export class FundTreeQuery implements FundTree {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  async under(fundIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const under = new Map<string, string[]>();
    const wanted = fundIds.filter((fundId) => fundId !== '*');
    if (wanted.length === 0) return under;
    const table = tableName(fundProjection, 'live');
    const rows: { readonly above: string; readonly fund_id: string }[] = await this.database.query(
      `WITH RECURSIVE tree AS (
         SELECT parent_fund_id AS above, fund_id, 1 AS depth FROM ${table} WHERE parent_fund_id = ANY($1::uuid[])
         UNION
         SELECT tree.above, child.fund_id, tree.depth + 1
         FROM tree JOIN ${table} child ON child.parent_fund_id = tree.fund_id WHERE tree.depth < ${levelsMax}
       ) SELECT DISTINCT above, fund_id FROM tree ORDER BY above, fund_id`,
      [wanted],
    );
    for (const row of rows) under.set(row.above, [...(under.get(row.above) ?? []), row.fund_id]);
    return under;
  }
}
