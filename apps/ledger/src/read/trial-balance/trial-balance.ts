import { grouped } from '../balances/balance-views.js';
import type { AccountSums } from '../balances/balances.query.js';

/** A line of a trial balance: an account in one currency, in minor units that are never negative. */
export interface TrialLine {
  readonly account: string;
  readonly currency: string;
  readonly openingDebit: bigint;
  readonly openingCredit: bigint;
  /** Turnover of the period. */
  readonly debit: bigint;
  readonly credit: bigint;
  readonly closingDebit: bigint;
  readonly closingCredit: bigint;
}

/** The lines of a trial balance in the order of the sums; over all lines of a currency each debit equals its credit. */
export function trialBalance(sums: readonly AccountSums[]): readonly TrialLine[] {
  return grouped(
    sums,
    ({ account, currency }) => [account, currency],
    ({ account, currency }, group) => {
      const turnover = { debit: 0n, credit: 0n };
      let opening = 0n;
      for (const sum of group) {
        opening += sum.openingDebit - sum.openingCredit;
        turnover.debit += sum.debit - sum.openingDebit;
        turnover.credit += sum.credit - sum.openingCredit;
      }
      const closing = opening + turnover.debit - turnover.credit;
      return {
        account,
        currency,
        openingDebit: debitOf(opening),
        openingCredit: debitOf(-opening),
        ...turnover,
        closingDebit: debitOf(closing),
        closingCredit: debitOf(-closing),
      };
    },
  );
}

/** The sums below all lines, one line a currency. */
export function trialTotals(lines: readonly TrialLine[]): readonly Omit<TrialLine, 'account'>[] {
  const totals = new Map<string, Omit<TrialLine, 'account'>>();
  for (const { account: _account, ...line } of lines) {
    const sum = totals.get(line.currency);
    totals.set(line.currency, sum ? added(sum, line) : line);
  }
  return [...totals.values()];
}

function added(a: Omit<TrialLine, 'account'>, b: Omit<TrialLine, 'account'>): Omit<TrialLine, 'account'> {
  return {
    currency: a.currency,
    openingDebit: a.openingDebit + b.openingDebit,
    openingCredit: a.openingCredit + b.openingCredit,
    debit: a.debit + b.debit,
    credit: a.credit + b.credit,
    closingDebit: a.closingDebit + b.closingDebit,
    closingCredit: a.closingCredit + b.closingCredit,
  };
}

function debitOf(balance: bigint): bigint {
  return balance > 0n ? balance : 0n;
}
