import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { receiptIssuedV1 } from '#contracts/receipts.v1.js';
import { Filter, Tables } from '../tables.js';
import { historyProjection, type HistoryRow } from './history.projection.js';

/** What other services said of a donation. */
@Injectable()
export class HistoryQuery {
  constructor(private readonly tables: Tables) {}

  /** All of it, in order of position. */
  async of(donationId: string): Promise<readonly HistoryRow[]> {
    const filter = new Filter().where('donation_id = ?', donationId);
    return this.tables.rows(historyProjection, filter, inOrder);
  }

  /** The number of the receipt that each donation got last, void or not, as far as receipts have told; those without one are left out. */
  async receiptNumbers(donationIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (donationIds.length === 0) return new Map();
    const filter = new Filter()
      .where('donation_id = ANY(?::uuid[])', donationIds)
      .where('type = ?', 'ReceiptIssued.v1');
    const rows = await this.tables.rows(historyProjection, filter, inOrder);
    return new Map(rows.map(({ donation_id, data }) => [donation_id, numberIn(data)]));
  }
}

const inOrder = 'ORDER BY kept.incarnation, kept.number';

function numberIn(data: string): string {
  return (JSON.parse(data) as z.infer<typeof receiptIssuedV1>).number;
}
