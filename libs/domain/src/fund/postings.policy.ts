import { money, moneyJson, negated, plus, type MoneyJson } from '#kernel/money.js';
import type { EntrySource, Posting, StockMove } from './entry.events.js';
import { quantityText, thousandths } from './stock.policy.js';

/** Money given for nothing in particular. */
export const unrestricted = 'unrestricted';

/** Purpose of what could not be placed, and the account that it is owed on. */
export const suspense = 'suspense';

/**
 * Account of what a bank paid out and nobody has classified yet. It counts as money of its purpose, so that nothing that is
 * available changes before a person says what it was.
 */
export const clearing = 'clearing';

/** Account on which money moves between purposes: over all of them it stands at nothing. */
export const betweenPurposes = 'between-purposes';

/** Where money by bank is kept whose account the message did not tell. */
export const unidentifiedBank = 'bank.unidentified';

const bankAccount = /^bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether an account key is one that money can stand on: `cash` or `bank.<account>`. */
export function isMoneyAccount(account: string): boolean {
  return account === 'cash' || bankAccount.test(account);
}

/** Whether what stands on the account counts as money of its purpose. */
export function countsAsMoney(account: string): boolean {
  return account === clearing || isMoneyAccount(account);
}

/** The lines of an entry. */
export interface Lines {
  readonly postings: readonly Posting[];
  readonly stock: readonly StockMove[];
}

/** Where a donation's money came in. */
export function arrivalAccount(source: EntrySource): string {
  if (source.account !== undefined && isMoneyAccount(source.account)) return source.account;
  return source.method === 'cash' ? 'cash' : unidentifiedBank;
}

/** Money that came in on an account for a purpose. */
export function moneyReceived(account: string, purpose: string, amount: MoneyJson): Lines {
  return pairOf(account, creditOf(purpose, 'income.donation'), purpose, amount);
}

/** Things that came in for a purpose: at their valuation, or by quantity only. */
export function thingsReceived(source: EntrySource, purpose: string): Lines {
  return {
    postings: source.items.flatMap(({ item, valuation }) =>
      valuation === undefined
        ? []
        : [
            { account: `stock.${item}`, purpose, amount: valuation.value },
            {
              account: creditOf(purpose, 'income.in-kind'),
              purpose,
              amount: opposite(valuation.value),
            },
          ],
    ),
    stock: source.items.map(({ item, unit, quantity }) => ({ item, unit, purpose, quantity })),
  };
}

/** The same lines with the other sign: what undoes them. */
export function mirrored(lines: Lines): Lines {
  return {
    postings: lines.postings.map((line) => ({ ...line, amount: opposite(line.amount) })),
    stock: lines.stock.map((move) => ({ ...move, quantity: quantityText(-thousandths(move.quantity)) })),
  };
}

/** All these lines as those of one entry: one line for each account and purpose, none where they cancel out. */
export function combined(...parts: readonly Lines[]): Lines {
  const sums = new Map<string, Posting>();
  for (const line of parts.flatMap(({ postings }) => postings)) {
    const { account, purpose, amount } = line;
    const key = JSON.stringify([purpose, account, amount.currency]);
    const sum = sums.get(key);
    sums.set(key, sum ? { ...line, amount: moneyJson(plus(money(sum.amount), money(amount))) } : line);
  }
  return {
    postings: [...sums.values()].filter(({ amount }) => amount.amount !== '0'),
    stock: parts.flatMap(({ stock }) => stock),
  };
}

/**
 * What a movement of a bank account is until somebody says more of it: money that came in is owed on `suspense`, money that
 * went out stands on {@link clearing}.
 */
export function bankMoved(account: string, amount: MoneyJson): Lines {
  const against = amount.amount.startsWith('-') ? clearing : suspense;
  return pairOf(account, against, suspense, amount);
}

/** A debit of one account and a credit of another, for one purpose; the other way round for less than nothing. */
export function pairOf(debit: string, credit: string, purpose: string, amount: MoneyJson): Lines {
  return {
    postings: [
      { account: debit, purpose, amount },
      { account: credit, purpose, amount: opposite(amount) },
    ],
    stock: [],
  };
}

/**
 * Lines that move what was given from one purpose to another: the income stays where it was earned, and what moves stands
 * on {@link betweenPurposes}.
 */
export function overBetween({ postings, stock }: Lines): Lines {
  const over = (account: string): string => (account.startsWith('income.') ? betweenPurposes : account);
  return combined({ postings: postings.map((line) => ({ ...line, account: over(line.account) })), stock });
}

/** What was on an account when the fund opened. */
export function openingLines(account: string, purpose: string, amount: MoneyJson): Lines {
  return pairOf(account, 'equity.opening', purpose, amount);
}

// What stands in suspense is owed, not earned, until somebody says what it was for.
function creditOf(purpose: string, income: string): string {
  return purpose === suspense ? suspense : income;
}

function opposite(amount: MoneyJson): MoneyJson {
  return moneyJson(negated(money(amount)));
}
