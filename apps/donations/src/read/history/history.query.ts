import { Injectable } from '@nestjs/common';
import { Filter, Tables } from '../tables.js';
import { historyProjection, type HistoryRow } from './history.projection.js';

/** What other services said of a donation. */
@Injectable()
export class HistoryQuery {
  constructor(private readonly tables: Tables) {}

  /** All of it, in order of position. */
  async of(donationId: string): Promise<readonly HistoryRow[]> {
    const filter = new Filter().where('donation_id = ?', donationId);
    return this.tables.rows(historyProjection, filter, 'ORDER BY kept.incarnation, kept.number');
  }
}
