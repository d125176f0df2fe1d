import type { CashCounted } from '#domain/fund/cash-count.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { canonicalJson } from '#kernel/json.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';

/** A cash count sheet; sums in minor units. */
export type CashCountRow = {
  readonly count_id: string;
  readonly fund_id: string;
  readonly counted_on: string;
  /** Staff id of the person who counted. */
  readonly counted_by: string;
  /** What was counted, as canonical JSON. */
  readonly denominations: string;
  readonly counted: string;
  readonly book: string;
  readonly difference: string;
  readonly currency: string;
  readonly recorded_at: string;
  readonly incarnation: number;
  readonly number: string;
};

/** Every cash count of every fund. */
export const cashCounts: Projection<CashCountRow> = {
  name: 'ledger.cash_counts',
  version: 1,
  key: 'count_id',
  columns: {
    count_id: 'uuid',
    fund_id: 'uuid',
    counted_on: 'date',
    counted_by: 'text',
    denominations: 'text',
    counted: 'numeric',
    book: 'numeric',
    difference: 'numeric',
    currency: 'text',
    recorded_at: 'timestamptz',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [{ columns: ['fund_id', 'incarnation', 'number'] }],
  streams: ['fund-'],
  keysOf: (event) => (isCount(event) ? [event.data.countId] : []),
  project(row, event) {
    if (!isCount(event)) return row;
    const { countId, countedOn, denominations, counted, book, difference } = event.data;
    return {
      count_id: countId,
      fund_id: fundIdOf(event),
      counted_on: countedOn,
      counted_by: event.actor.slice(event.actor.indexOf(':') + 1),
      denominations: canonicalJson(denominations),
      counted: counted.amount,
      book: book.amount,
      difference: difference.amount,
      currency: counted.currency,
      recorded_at: event.recordedAt,
      incarnation: event.position.incarnation,
      number: String(event.position.number),
    };
  },
};

function isCount(event: RecordedEvent): event is RecordedEvent<CashCounted> {
  return event.type === 'CashCounted';
}
