import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';
import { tableName } from '#read-models/stored-table.js';
import { namedRecordProjection } from './named-record.projection.js';

/** Tells vault records that an event names from those left over. */
@Injectable()
export class NamedRecordQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** Those of the records that an event names, as far as the read model stands. */
  async named(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: { readonly record_id: string }[] = await this.database.query(
      `SELECT record_id FROM ${tableName(namedRecordProjection, 'live')} WHERE record_id = ANY($1::uuid[])`,
      [recordIds],
    );
    return new Set(rows.map((row) => row.record_id));
  }
}
