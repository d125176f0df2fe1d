import { money, type MoneyJson } from '#kernel/money.js';
import type { CorrectionRefusal } from './entry.events.js';
import { accountMoney, afterEntry, held, purposeMoney, stockKey, type OpenFund } from './fund.state.js';
import { isMoneyAccount, type Lines } from './postings.policy.js';

/** What is missing; money tells how much. */
export interface Shortfall {
  readonly code: CorrectionRefusal;
  readonly shortBy?: MoneyJson;
}

/**
 * What would stand below zero after these lines: a purpose's money, the account that pays, or a thing in stock; undefined
 * where all is there. Accounts are judged over all purposes, since a purpose's money may lie on any of them.
 */
export function shortfall(fund: OpenFund, lines: Lines): Shortfall | undefined {
  const after = afterEntry(fund, lines);
  for (const { account, purpose, amount } of lines.postings) {
    const { minor, currency } = money(amount);
    if (minor >= 0n || !isMoneyAccount(account)) continue;
    const ofPurpose = purposeMoney(after.balances, purpose, currency);
    if (ofPurpose < 0n) return short('fund/short', -ofPurpose, currency);
    const onAccount = accountMoney(after.balances, account, currency);
    if (onAccount < 0n) return short('fund/account-short', -onAccount, currency);
  }
  const missing = lines.stock.some((move) => (held(after.stock, stockKey(move)) ?? 0n) < 0n);
  return missing ? { code: 'fund/stock-short' } : undefined;
}

function short(code: CorrectionRefusal, minor: bigint, currency: MoneyJson['currency']): Shortfall {
  return { code, shortBy: { amount: minor.toString(), currency } };
}
