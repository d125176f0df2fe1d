import type { Denomination } from '#domain/fund/cash-count.events.js';
import type { MoneyJson } from '#kernel/money.js';
import { IsListOf, IsPattern, IsWhole } from '#platform/http/fields.js';
import type { CashCountRow } from '../read/cash-counts/cash-counts.projection.js';
import { moneyOf } from './funds.http.js';

/** Notes or coins of one value. */
export class DenominationBody {
  @IsPattern(/[1-9][0-9]{0,6}/, { description: 'in đồng, such as 500000' })
  readonly value!: string;

  @IsWhole({ min: 0, max: 1_000_000 })
  readonly pieces!: number;
}

/** Counts the cash. */
export class CashCountBody {
  @IsListOf(() => DenominationBody, { max: 20, description: 'each value once; none where the box is empty' })
  readonly denominations!: readonly DenominationBody[];
}

/** A cash count sheet. */
export interface CashCountView {
  readonly countId: string;
  readonly fundId: string;
  readonly countedOn: string;
  readonly countedBy: string;
  readonly denominations: readonly Denomination[];
  readonly counted: MoneyJson;
  /** What the cash book said at that moment. */
  readonly book: MoneyJson;
  /** Counted less book: below zero where cash is missing. */
  readonly difference: MoneyJson;
  readonly recordedAt: string;
}

/** A sheet of the list. */
export function cashCountView(row: CashCountRow): CashCountView {
  const sum = (minor: string): MoneyJson => moneyOf(BigInt(minor), row.currency);
  return {
    countId: row.count_id,
    fundId: row.fund_id,
    countedOn: row.counted_on,
    countedBy: row.counted_by,
    denominations: JSON.parse(row.denominations) as readonly Denomination[],
    counted: sum(row.counted),
    book: sum(row.book),
    difference: sum(row.difference),
    recordedAt: row.recorded_at,
  };
}
