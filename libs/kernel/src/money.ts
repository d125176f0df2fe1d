import { InvariantViolation } from './refusal.js';

/** Currencies we keep books in, with the number of decimals of their minor unit (ISO 4217). */
export const minorUnitDigits = { VND: 0, USD: 2, EUR: 2, JPY: 0, KRW: 0 } as const;

/** An ISO 4217 code that a fund may hold. */
export type Currency = keyof typeof minorUnitDigits;

/** Money as events, topics and HTTP carry it: a decimal string of **minor units** (VND has none) and its currency. */
export interface MoneyJson {
  readonly amount: string;
  readonly currency: Currency;
}

/** Money in state: an exact count of minor units, never a float. May be negative. */
export interface Money {
  readonly minor: bigint;
  readonly currency: Currency;
}

const wholeNumber = /^(0|-?[1-9][0-9]{0,29})$/;

/** Whether the text is a currency code that we keep books in; case counts. */
export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(minorUnitDigits, text);
}

/** Whether the text is a canonical count of minor units: ASCII digits, no leading zero, no `-0`, at most 30 digits. */
export function isMinorAmount(text: string): boolean {
  return wholeNumber.test(text);
}

/** Reads the money of a stored event; throws `InvariantViolation` when the text is not canonical. */
export function money(json: MoneyJson): Money {
  if (!isMinorAmount(json.amount))
    throw new InvariantViolation(`not an amount of minor units: ${json.amount}`);
  if (!isCurrency(json.currency)) throw new InvariantViolation(`not a currency: ${String(json.currency)}`);
  return { minor: BigInt(json.amount), currency: json.currency };
}

/** The stored form of money; the reverse of {@link money}. */
export function moneyJson(value: Money): MoneyJson {
  return { amount: value.minor.toString(), currency: value.currency };
}

/** No money, in this currency. */
export function zero(currency: Currency): Money {
  return { minor: 0n, currency };
}

/** The sum; throws `InvariantViolation` when the currencies differ. */
export function plus(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** The difference a − b; throws `InvariantViolation` when the currencies differ. */
export function minus(a: Money, b: Money): Money {
  assertSameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

/** The same sum with the other sign. */
export function negated(a: Money): Money {
  return { minor: -a.minor, currency: a.currency };
}

function assertSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency)
    throw new InvariantViolation(`${a.currency} and ${b.currency} do not add up`);
}
