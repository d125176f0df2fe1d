import { money, type Currency, type MoneyJson } from './money.js';

/** What one person may enter alone up to a ceiling: what a bank charged, and money that left a bank account for the cash box. */
export type CeilingOf = 'bank-fee' | 'cash-withdrawn';

/** The most of it, in minor units. */
const ceilings: Readonly<Record<CeilingOf, Readonly<Record<Currency, bigint>>>> = {
  'bank-fee': { VND: 2_000_000n, USD: 10_000n, EUR: 10_000n, JPY: 10_000n, KRW: 100_000n },
  'cash-withdrawn': { VND: 20_000_000n, USD: 100_000n, EUR: 100_000n, JPY: 100_000n, KRW: 1_000_000n },
};

/** Whether this much of it, whatever its sign, needs a second person. */
export function isAboveCeiling(of: CeilingOf, amount: MoneyJson): boolean {
  const { minor, currency } = money(amount);
  return (minor < 0n ? -minor : minor) > ceilings[of][currency];
}
