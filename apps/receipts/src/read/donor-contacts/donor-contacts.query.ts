import type { DataSource } from 'typeorm';

/** Where a donor's mail goes since it was corrected; null for nowhere, undefined when it never was. */
export async function findCorrectedContact(
  database: DataSource,
  subjectId: string,
): Promise<string | null | undefined> {
  const rows: readonly { readonly contact_record_id: string | null }[] = await database.query(
    'SELECT contact_record_id FROM receipts.donor_contacts WHERE subject_id = $1',
    [subjectId],
  );
  return rows[0]?.contact_record_id;
}
