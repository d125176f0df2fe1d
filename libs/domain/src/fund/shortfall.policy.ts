import { money, type MoneyJson } from '#kernel/money.js';
import { accountMoney, afterEntry, held, purposeMoney, stockKey, type Holdings } from './balances.policy.js';
import type { Posting } from './entry.events.js';
import { countsAsMoney, type Lines } from './postings.policy.js';

/** What is missing; money tells how much. */
export interface Shortfall {
  readonly code: 'fund/short' | 'fund/account-short' | 'fund/stock-short';
  readonly shortBy?: MoneyJson;
}

/**
 * What would stand below zero after these lines, and for what they take: a purpose's money, the account that pays, or a
 * thing in stock; undefined where all is there. Accounts are judged over all purposes, since a purpose's money may lie on
 * any of them.
 */
export function shortfall(fund: Holdings, lines: Lines): Shortfall | undefined {
  const after = afterEntry(fund, lines);
  const taking = lines.postings.filter(({ account, amount }) => countsAsMoney(account) && isTaken(amount));
  for (const line of taking) {
    const { currency } = line.amount;
    const ofPurpose = purposeMoney(after.balances, line.purpose, currency);
    if (ofPurpose < 0n && moved(lines, line, 'purpose') < 0n)
      return short('fund/short', -ofPurpose, currency);
    const onAccount = accountMoney(after.balances, line.account, currency);
    if (onAccount < 0n && moved(lines, line, 'account') < 0n)
      return short('fund/account-short', -onAccount, currency);
  }
  const missing = lines.stock.some((move) => (held(after.stock, stockKey(move)) ?? 0n) < 0n);
  return missing ? { code: 'fund/stock-short' } : undefined;
}

function isTaken({ amount }: MoneyJson): boolean {
  return amount.startsWith('-');
}

/** What all lines together do to the money of this line's purpose, or to its account. */
function moved({ postings }: Lines, line: Posting, by: 'purpose' | 'account'): bigint {
  return postings
    .filter((one) => one[by] === line[by] && one.amount.currency === line.amount.currency)
    .filter(({ account }) => countsAsMoney(account))
    .reduce((sum, { amount }) => sum + money(amount).minor, 0n);
}

function short(code: Shortfall['code'], minor: bigint, currency: MoneyJson['currency']): Shortfall {
  return { code, shortBy: { amount: minor.toString(), currency } };
}
