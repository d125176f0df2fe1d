import { money, moneyJson, negated, type MoneyJson } from '#kernel/money.js';
import type { EntrySource, Posting, StockMove } from './entry.events.js';
import { quantityText, thousandths } from './stock.policy.js';

/** Money given for nothing in particular. */
export const unrestricted = 'unrestricted';

/** Purpose of what could not be placed, and the account that it is owed on. */
export const suspense = 'suspense';

/** Where money by bank is kept whose account the message did not tell. */
export const unidentifiedBank = 'bank.unidentified';

const bankAccount = /^bank\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether an account key is one that money can stand on: `cash` or `bank.<account>`. */
export function isMoneyAccount(account: string): boolean {
  return account === 'cash' || bankAccount.test(account);
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
  return {
    postings: [
      { account, purpose, amount },
      { account: creditOf(purpose, 'income.donation'), purpose, amount: opposite(amount) },
    ],
    stock: [],
  };
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

/** What was on an account when the fund opened. */
export function openingLines(account: string, purpose: string, amount: MoneyJson): readonly Posting[] {
  return [
    { account, purpose, amount },
    { account: 'equity.opening', purpose, amount: opposite(amount) },
  ];
}

// What stands in suspense is owed, not earned, until somebody says what it was for.
function creditOf(purpose: string, income: string): string {
  return purpose === suspense ? suspense : income;
}

function opposite(amount: MoneyJson): MoneyJson {
  return moneyJson(negated(money(amount)));
}
