import { money, type MoneyJson } from '#kernel/money.js';
import { ceilingOf, isAbove } from '#kernel/one-person-ceiling.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { BankItem, Classification } from './bank-item.events.js';

/** Why something cannot be said of a bank item. */
export type FittingRefusal =
  | 'bank-item/not-money-in'
  | 'bank-item/not-money-out'
  | 'bank-item/account-not-of-bank'
  | 'bank-item/same-account';

/**
 * What the bank itself tells needs one person; an account of somebody's choice is a manual entry and needs two, and so do a
 * fee and cash above a ceiling, since the bank tells no more of them than that the money is gone.
 */
export function needsSecondPerson(item: BankItem, classification: Classification): boolean {
  const ceiling = ceilingFor(item, classification);
  return ceiling ? isAbove(ceiling, item.amount) : classification.as === 'other';
}

/** The most that one person may say alone of this item to be that; undefined where no sum is too much, or any is. */
export function ceilingFor({ amount }: BankItem, { as }: Classification): MoneyJson | undefined {
  return as === 'bank-fee' || as === 'cash-withdrawn' ? ceilingOf(as, amount.currency) : undefined;
}

/** Throws `DomainRefusal` where money went the other way, or a transfer names no other account of a bank. */
export function assertFits(item: BankItem, classification: Classification): void {
  const out = money(item.amount).minor < 0n;
  switch (classification.as) {
    case 'bank-fee':
    case 'cash-withdrawn':
      if (!out) refuse('bank-item/not-money-out');
      return;
    case 'donation':
      if (out) refuse('bank-item/not-money-in');
      return;
    case 'own-transfer':
      if (!classification.account.startsWith('bank.')) refuse('bank-item/account-not-of-bank');
      if (classification.account === item.account) refuse('bank-item/same-account');
      return;
    case 'posted':
    case 'other':
      return;
  }
}

function refuse(code: FittingRefusal): never {
  throw new DomainRefusal(code);
}
