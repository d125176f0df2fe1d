import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';

/** Tells vault records that are named here from orphans of commands that were refused. */
@Injectable()
export class NamedRecordsQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** Those of the records that an event or the local mailbox names, as far as the tables stand. */
  async named(recordIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows: readonly { readonly id: string }[] = await this.database.query(
      `SELECT record_id::text AS id FROM receipts.named_records WHERE record_id = ANY($1::uuid[])
       UNION SELECT id::text FROM receipts.inbox_mails WHERE id = ANY($1::uuid[])`,
      [recordIds],
    );
    return new Set(rows.map(({ id }) => id));
  }
}
