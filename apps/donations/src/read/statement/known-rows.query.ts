import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';
import { tableName } from '#read-models/stored-table.js';
import { postedItemProjection } from '../account-balance/posted-item.projection.js';
import { bankItemProjection } from '../bank-item/bank-item.projection.js';
import { donationProjection } from '../donation/donation.projection.js';
import { historyProjection } from '../history/history.projection.js';

/** A row, by the id that it is recorded under and the one that it may have been by an earlier release. */
export interface AskedRow {
  readonly id: string;
  readonly formerId?: string;
}

/** A row that is recorded: under which id, and from which statement. */
export interface KnownRow {
  readonly recordedAs: string;
  readonly statementId: string | null;
}

/** Which rows of statements are recorded, and which of those stand in the books. Rows go by the ids of what they became. */
@Injectable()
export class KnownRowsQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** Of some hundreds of rows those that are a donation or a bank item, by their ids, as far as the tables have taken in. */
  async recorded(asked: readonly AskedRow[]): Promise<ReadonlyMap<string, KnownRow>> {
    const ids = asked.flatMap(({ id, formerId }) => (formerId === undefined ? [id] : [id, formerId]));
    const [donations, items] = [donationProjection, bankItemProjection].map((table) =>
      tableName(table, 'live'),
    );
    const rows = await this.database.query<{ id: string; statement_id: string | null }[]>(
      `SELECT donation_id AS id, statement_id FROM ${donations ?? ''} WHERE donation_id = ANY($1::uuid[])
       UNION ALL SELECT bank_item_id, statement_id FROM ${items ?? ''} WHERE bank_item_id = ANY($1::uuid[])`,
      [ids],
    );
    const statements = new Map(rows.map(({ id, statement_id }) => [id, statement_id]));
    const known = new Map<string, KnownRow>();
    for (const { id, formerId = id } of asked) {
      const recordedAs = statements.has(id) ? id : formerId;
      const statementId = statements.get(recordedAs);
      if (statementId !== undefined) known.set(id, { recordedAs, statementId });
    }
    return known;
  }

  /** Those of the ids that the ledger has posted. */
  async posted(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const [history, items] = [historyProjection, postedItemProjection].map((table) =>
      tableName(table, 'live'),
    );
    const rows = await this.database.query<{ id: string }[]>(
      `SELECT donation_id AS id FROM ${history ?? ''} WHERE donation_id = ANY($1::uuid[]) AND type = 'DonationPosted.v1'
       UNION SELECT bank_item_id FROM ${items ?? ''} WHERE bank_item_id = ANY($1::uuid[])`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
