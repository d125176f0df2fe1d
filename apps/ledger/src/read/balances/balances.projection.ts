import { localDate } from '#kernel/dates.js';
import { compositeKey, keyParts } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';
import { postedEntry, type PostedEntry } from '../posted-entry.js';
import { effectivePeriods, recordedPeriods } from './periods.js';

/** What was posted to one account for one purpose, of what was recorded in one period and counts in another. */
export type BalanceRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly account: string;
  readonly purpose: string;
  readonly currency: string;
  readonly recorded_grain: string;
  /** First day of the period, in UTC, in which it was recorded. */
  readonly recorded_from: string;
  readonly effective_grain: string;
  /** First day of the period, in the fund's zone, in which it counts. */
  readonly effective_from: string;
  /** Sums of minor units, both positive. */
  readonly debit: string;
  readonly credit: string;
};

/**
 * Running sums by year, month and day in two times, so that what counts up to a date, as recorded up to a day, is a
 * handful of rows an account: whole years, then months, then days.
 */
export const balances: Projection<BalanceRow> = {
  name: 'ledger.balances',
  version: 1,
  key: 'key',
  columns: {
    key: 'text',
    fund_id: 'uuid',
    account: 'text',
    purpose: 'text',
    currency: 'text',
    recorded_grain: 'text',
    recorded_from: 'date',
    effective_grain: 'text',
    effective_from: 'date',
    debit: 'numeric',
    credit: 'numeric',
  },
  indexes: [{ columns: ['fund_id', 'recorded_grain', 'effective_grain', 'recorded_from', 'effective_from'] }],
  streams: ['fund-'],
  keysOf(event) {
    const entry = postedEntry(event);
    return entry ? keysOfEntry(entry) : [];
  },
  project(row, event, key) {
    const entry = postedEntry(event);
    return entry ? added(row ?? emptyRow(key), entry) : row;
  },
};

function added(row: BalanceRow, entry: PostedEntry): BalanceRow {
  let debit = BigInt(row.debit);
  let credit = BigInt(row.credit);
  for (const { account, purpose, amount } of entry.data.postings) {
    if (account !== row.account || purpose !== row.purpose || amount.currency !== row.currency) continue;
    const minor = BigInt(amount.amount);
    if (minor > 0n) debit += minor;
    else credit -= minor;
  }
  return { ...row, debit: debit.toString(), credit: credit.toString() };
}

function emptyRow(key: string): BalanceRow {
  const parts = keyParts(key);
  const part = (index: number): string => parts[index] ?? '';
  return {
    key,
    fund_id: part(0),
    account: part(1),
    purpose: part(2),
    currency: part(3),
    recorded_grain: part(4),
    recorded_from: part(5),
    effective_grain: part(6),
    effective_from: part(7),
    debit: '0',
    credit: '0',
  };
}

/** Every line belongs to six rows: by year, month and day of recording, and by month and day in which it counts. */
function keysOfEntry(entry: PostedEntry): readonly string[] {
  const recorded = recordedPeriods(localDate(entry.recordedAt.slice(0, 10)));
  const effective = effectivePeriods(entry.data.effectiveOn);
  const periods = recorded.flatMap((r) =>
    effective.map((e) => compositeKey(r.grain, r.from, e.grain, e.from)),
  );
  const fundId = fundIdOf(entry);
  const cells = entry.data.postings.map(({ account, purpose, amount }) =>
    compositeKey(fundId, account, purpose, amount.currency),
  );
  return [...new Set(cells)].flatMap((cell) => periods.map((period) => `${cell}|${period}`));
}
