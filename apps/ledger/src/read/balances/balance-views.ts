import { isMoneyAccount } from '#domain/fund/postings.policy.js';
import type { AccountSums } from './balances.query.js';

/** What an account holds in one currency, over all purposes; a debit balance is positive. */
export interface AccountBalance {
  readonly account: string;
  readonly currency: string;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly balance: bigint;
}

/** Where the money of a purpose came from and what is there, in one currency: opening + received − returned = available + stock. */
export interface PurposeBalance {
  readonly purpose: string;
  readonly currency: string;
  /** Held on the day the fund opened. */
  readonly opening: bigint;
  readonly received: bigint;
  /** Refunded, or reversed as entered wrongly. */
  readonly returned: bigint;
  /** Money in cash and at banks. */
  readonly available: bigint;
  /** Value of things in stock, as far as they were valued. */
  readonly stock: bigint;
}

/** Balances by account and currency, in the order of the sums. */
export function byAccount(sums: readonly AccountSums[]): readonly AccountBalance[] {
  return grouped(
    sums,
    ({ account, currency }) => [account, currency],
    (first, group) => {
      const debit = total(group, (one) => one.debit);
      const credit = total(group, (one) => one.credit);
      return { account: first.account, currency: first.currency, debit, credit, balance: debit - credit };
    },
  );
}

/** Balances by purpose and currency, in the order in which the sums name them. */
export function byPurpose(sums: readonly AccountSums[]): readonly PurposeBalance[] {
  return grouped(
    sums,
    ({ purpose, currency }) => [purpose, currency],
    ({ purpose, currency }, group) => {
      const opening = group.filter(({ account }) => account === 'equity.opening');
      const sources = group.filter(({ account }) => account === 'suspense' || account.startsWith('income.'));
      const money = group.filter(({ account }) => isMoneyAccount(account));
      const stock = group.filter(({ account }) => account.startsWith('stock.'));
      return {
        purpose,
        currency,
        opening: -net(opening),
        received: total(sources, (one) => one.credit),
        returned: total(sources, (one) => one.debit),
        available: net(money),
        stock: net(stock),
      };
    },
  );
}

/** Debits less credits. */
export function net(sums: readonly AccountSums[]): bigint {
  return total(sums, (one) => one.debit - one.credit);
}

/** One result for each group of sums with equal keys, in the order of their first. */
export function grouped<Result>(
  sums: readonly AccountSums[],
  keyOf: (sum: AccountSums) => readonly string[],
  resultOf: (first: AccountSums, group: readonly AccountSums[]) => Result,
): readonly Result[] {
  const groups = new Map<string, { readonly first: AccountSums; readonly all: AccountSums[] }>();
  for (const sum of sums) {
    const key = JSON.stringify(keyOf(sum));
    const group = groups.get(key);
    if (group) group.all.push(sum);
    else groups.set(key, { first: sum, all: [sum] });
  }
  return [...groups.values()].map(({ first, all }) => resultOf(first, all));
}

function total(sums: readonly AccountSums[], of: (sum: AccountSums) => bigint): bigint {
  return sums.reduce((sum, one) => sum + of(one), 0n);
}
