import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { READ_DATABASE } from '#platform/tokens.js';
import { Filter, rowsWhere } from '../newest-first.js';
import { historyProjection, type HistoryRow } from './history.projection.js';

/** What other services said of a donation. */
@Injectable()
export class HistoryQuery {
  constructor(@Inject(READ_DATABASE) private readonly database: DataSource) {}

  /** All of it, in order of position. */
  async of(donationId: string): Promise<readonly HistoryRow[]> {
    const filter = new Filter().where('donation_id = ?', donationId);
    return rowsWhere(
      { database: this.database, projection: historyProjection },
      filter,
      'ORDER BY kept.incarnation, kept.number',
    );
  }
}
