import { money, type Currency } from '#kernel/money.js';
import type { Entry, Posting } from './entry.events.js';
import { countsAsMoney } from './postings.policy.js';
import { thousandths } from './stock.policy.js';

/** Minor units by purpose, currency and account; a debit is positive. */
export type Balances = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, bigint>>>>>>;

/** What a fund holds. */
export interface Holdings {
  readonly balances: Balances;
  /** Thousandths of a unit, by {@link stockKey}. */
  readonly stock: Readonly<Record<string, bigint>>;
}

/** What a record holds under a key, and nothing that it inherits: keys come from outside. */
export function held<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Where a thing's quantity is kept in {@link Holdings.stock}. */
export function stockKey(move: {
  readonly purpose: string;
  readonly item: string;
  readonly unit: string;
}): string {
  return JSON.stringify([move.purpose, move.item, move.unit]);
}

/** Money of a purpose on all accounts that count as its money, in minor units. */
export function purposeMoney(balances: Balances, purpose: string, currency: Currency): bigint {
  const accounts = held(held(balances, purpose) ?? {}, currency) ?? {};
  return Object.entries(accounts).reduce(
    (sum, [account, minor]) => (countsAsMoney(account) ? sum + minor : sum),
    0n,
  );
}

/** What an account holds over all purposes, in minor units. */
export function accountMoney(balances: Balances, account: string, currency: Currency): bigint {
  return Object.values(balances).reduce(
    (sum, currencies) => sum + (held(held(currencies, currency) ?? {}, account) ?? 0n),
    0n,
  );
}

/** Balances and stock after the lines of an entry. */
export function afterEntry(
  { balances, stock }: Holdings,
  lines: Pick<Entry, 'postings' | 'stock'>,
): Holdings {
  const posted = lines.postings.reduce(afterPosting, balances);
  if (lines.stock.length === 0) return { balances: posted, stock };
  const moved = { ...stock };
  for (const move of lines.stock) {
    const key = stockKey(move);
    moved[key] = (held(moved, key) ?? 0n) + thousandths(move.quantity);
  }
  return { balances: posted, stock: moved };
}

function afterPosting(balances: Balances, { purpose, account, amount }: Posting): Balances {
  const { minor, currency } = money(amount);
  const currencies = held(balances, purpose) ?? {};
  const accounts = held(currencies, currency) ?? {};
  const sum = (held(accounts, account) ?? 0n) + minor;
  return { ...balances, [purpose]: { ...currencies, [currency]: { ...accounts, [account]: sum } } };
}
