import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';

/** Where donors' mail goes since it was corrected. */
@Injectable()
export class DonorContactsQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** The vault record of the corrected contact; null for no mail any more, undefined when it was never corrected. */
  async corrected(subjectId: string): Promise<string | null | undefined> {
    const rows: readonly { readonly contact_record_id: string | null }[] = await this.database.query(
      'SELECT contact_record_id FROM receipts.donor_contacts WHERE subject_id = $1',
      [subjectId],
    );
    return rows[0]?.contact_record_id;
  }
}
