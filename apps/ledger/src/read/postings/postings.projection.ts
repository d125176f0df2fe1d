import { compositeKey, keyParts } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';
import { postedEntry } from '../posted-entry.js';

/** One line of an entry. */
export type PostingRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly account: string;
  readonly purpose: string;
  readonly currency: string;
  readonly amount: string;
  readonly effective_on: string;
  readonly recorded_at: string;
};

/** Every line of every entry, for what was recorded in part of a day. */
export const postings: Projection<PostingRow> = {
  name: 'ledger.postings',
  version: 1,
  key: 'key',
  columns: {
    key: 'text',
    fund_id: 'uuid',
    account: 'text',
    purpose: 'text',
    currency: 'text',
    amount: 'numeric',
    effective_on: 'date',
    recorded_at: 'timestamptz',
  },
  indexes: [{ columns: ['fund_id', 'recorded_at'] }],
  streams: ['fund-'],
  keysOf(event) {
    const entry = postedEntry(event);
    return entry?.data.postings.map((_, line) => compositeKey(entry.data.entryId, String(line))) ?? [];
  },
  project(row, event, key) {
    const entry = postedEntry(event);
    const line = entry?.data.postings.find((_, index) => String(index) === keyParts(key)[1]);
    if (!entry || !line) return row;
    return {
      key,
      fund_id: fundIdOf(entry),
      account: line.account,
      purpose: line.purpose,
      currency: line.amount.currency,
      amount: line.amount.amount,
      effective_on: entry.data.effectiveOn,
      recorded_at: entry.recordedAt,
    };
  },
};
