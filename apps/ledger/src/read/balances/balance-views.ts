import { betweenPurposes, countsAsMoney } from '#domain/fund/postings.policy.js';
import type { AccountSums } from './balances.query.js';

/** What an account holds in one currency, over all purposes; a debit balance is positive. */
export interface AccountBalance {
  readonly account: string;
  readonly currency: string;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly balance: bigint;
}

/**
 * Where the money of a purpose came from and what is there, in one currency:
 * opening + received − returned + moved − spent + other = available + stock.
 */
export interface PurposeBalance {
  readonly purpose: string;
  readonly currency: string;
  /** Held on the day the fund opened, or a bank account did. */
  readonly opening: bigint;
  /** Donations, interest and other income, and what came to suspense. */
  readonly received: bigint;
  /** Refunded, reversed as entered wrongly, or placed where it belongs out of suspense. */
  readonly returned: bigint;
  /** Came from other purposes, or below zero went to them. */
  readonly moved: bigint;
  /** Fees, support and other expenses. */
  readonly spent: bigint;
  /** Owed to others less what others owe, and the like. */
  readonly other: bigint;
  /** Money in cash and at banks, with what banks paid out and nobody has classified. */
  readonly available: bigint;
  /** Value of things in stock, as far as they were valued. */
  readonly stock: bigint;
}

type Part = 'money' | 'stock' | 'opening' | 'source' | 'moved' | 'expense' | 'other';

const kinds: Readonly<Record<string, Part>> = {
  stock: 'stock',
  income: 'source',
  suspense: 'source',
  expense: 'expense',
  [betweenPurposes]: 'moved',
};

function partOf(account: string): Part {
  if (countsAsMoney(account)) return 'money';
  return account === 'equity.opening' ? 'opening' : (kinds[account.split('.')[0] ?? ''] ?? 'other');
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
      const of = (part: Part): readonly AccountSums[] =>
        group.filter(({ account }) => partOf(account) === part);
      const sources = of('source');
      return {
        purpose,
        currency,
        opening: -net(of('opening')),
        received: total(sources, (one) => one.credit),
        returned: total(sources, (one) => one.debit),
        moved: -net(of('moved')),
        spent: net(of('expense')),
        other: -net(of('other')),
        available: net(of('money')),
        stock: net(of('stock')),
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
