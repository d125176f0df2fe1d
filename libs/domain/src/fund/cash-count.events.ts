import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** So many notes or coins of a value in minor units. */
export interface Denomination {
  readonly value: string;
  readonly pieces: number;
}

/** The cash was counted against the cash book as it stood at that moment. */
export type CashCounted = DomainEvent<
  'CashCounted',
  {
    readonly countId: string;
    /** The day in the fund's zone. */
    readonly countedOn: LocalDate;
    readonly denominations: readonly Denomination[];
    readonly counted: MoneyJson;
    /** What the cash book says. */
    readonly book: MoneyJson;
    /** Counted less book: below zero where cash is missing. */
    readonly difference: MoneyJson;
  }
>;
