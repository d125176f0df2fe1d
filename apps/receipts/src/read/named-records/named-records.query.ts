import type { DataSource } from 'typeorm';

/** Those of the records that an event or the local mailbox names, as far as the tables stand. */
export async function findNamedRecords(
  database: DataSource,
  recordIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows: readonly { readonly id: string }[] = await database.query(
    `SELECT record_id::text AS id FROM receipts.named_records WHERE record_id = ANY($1::uuid[])
     UNION SELECT id::text FROM receipts.inbox_mails WHERE id = ANY($1::uuid[])`,
    [recordIds],
  );
  return new Set(rows.map(({ id }) => id));
}
