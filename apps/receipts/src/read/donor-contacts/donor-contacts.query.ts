import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';

/** Where donors' mail goes since it was corrected. */
@Injectable()
export class DonorContactsQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /**
   * The vault record of the contact as it was corrected since `after` (RFC 3339), or ever; null for no mail any more,
   * undefined when it was not corrected.
   */
  async corrected(subjectId: string, after?: string): Promise<string | null | undefined> {
    const rows: readonly { readonly contact_record_id: string | null }[] = await this.database.query(
      `SELECT contact_record_id FROM receipts.donor_contacts
       WHERE subject_id = $1 AND corrected_at > coalesce($2::timestamptz, '-infinity')`,
      [subjectId, after ?? null],
    );
    return rows[0]?.contact_record_id;
  }
}
