import type { LocalDate } from '#kernel/dates.js';
import { minus, moneyJson, type Money } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { accountMoney } from './balances.policy.js';
import type { CashCounted, Denomination } from './cash-count.events.js';
import type { OpenFund } from './fund.state.js';

/** Why a count is not taken. */
export type CashCountRefusal = 'fund/denomination-unknown' | 'fund/denomination-twice';

/** Counts the đồng in the cash box. */
export interface CountCash {
  readonly type: 'CountCash';
  readonly countId: string;
  readonly denominations: readonly Denomination[];
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

/** Notes and coins of đồng that are legal tender, the largest first. */
const denominations: readonly string[] = [
  '500000',
  '200000',
  '100000',
  '50000',
  '20000',
  '10000',
  '5000',
  '2000',
  '1000',
  '500',
  '200',
  '100',
];

/** Decides the sheet: what was counted against what the book says now; throws `DomainRefusal` with a {@link CashCountRefusal}. */
export function countCash(fund: OpenFund, command: CountCash): CashCounted {
  const { countId, today } = command;
  assertLegal(command.denominations);
  const counted = sumOf(command.denominations);
  const book: Money = { minor: accountMoney(fund.balances, 'cash', 'VND'), currency: 'VND' };
  return {
    type: 'CashCounted',
    data: {
      countId,
      countedOn: today,
      denominations: command.denominations,
      counted: moneyJson(counted),
      book: moneyJson(book),
      difference: moneyJson(minus(counted, book)),
    },
  };
}

function assertLegal(counted: readonly Denomination[]): void {
  const seen = new Set<string>();
  for (const { value } of counted) {
    if (!denominations.includes(value)) throw new DomainRefusal('fund/denomination-unknown', { value });
    if (seen.has(value)) throw new DomainRefusal('fund/denomination-twice', { value });
    seen.add(value);
  }
}

function sumOf(counted: readonly Denomination[]): Money {
  const minor = counted.reduce((sum, { value, pieces }) => sum + BigInt(value) * BigInt(pieces), 0n);
  return { minor, currency: 'VND' };
}
