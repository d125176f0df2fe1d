import { money, moneyJson, type Currency, type MoneyJson } from './money.js';

/** What one person may enter alone up to a ceiling: what a bank charged, and money that left a bank account for the cash box. */
export type CeilingOf = 'bank-fee' | 'cash-withdrawn';

/** The most of it, in minor units. */
const ceilings: Readonly<Record<CeilingOf, Readonly<Record<Currency, bigint>>>> = {
  'bank-fee': { VND: 2_000_000n, USD: 10_000n, EUR: 10_000n, JPY: 10_000n, KRW: 100_000n },
  'cash-withdrawn': { VND: 20_000_000n, USD: 100_000n, EUR: 100_000n, JPY: 100_000n, KRW: 1_000_000n },
};

/** The most of it in a currency that one person may enter alone. */
export function ceilingOf(of: CeilingOf, currency: Currency): MoneyJson {
  return moneyJson({ minor: ceilings[of][currency], currency });
}

/** Whether a sum, whatever its sign, is more than a ceiling of its currency. */
export function isAbove(ceiling: MoneyJson, amount: MoneyJson): boolean {
  const { minor } = money(amount);
  return (minor < 0n ? -minor : minor) > money(ceiling).minor;
}
