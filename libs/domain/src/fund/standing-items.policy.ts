import { InvariantViolation } from '#kernel/refusal.js';
import { money, type Money } from '#kernel/money.js';
import { held } from './balances.policy.js';
import type { BankItemPosted } from './bank-item.events.js';
import type { EntrySource } from './entry.events.js';

/** A bank item in the books. */
export interface StandingItem {
  /** `bank.<account>`. */
  readonly account: string;
  readonly amount: Money;
  /** The entry that says what it was; absent as long as nobody has said it. */
  readonly entryId?: string;
}

/** What the books remember of bank items. */
export interface StandingItems {
  /** By bank item. */
  readonly bankItems: Readonly<Record<string, StandingItem>>;
}

/** After a bank item was posted. */
export function itemPosted(
  { bankItems }: StandingItems,
  { item: { bankItemId, account, amount } }: BankItemPosted['data'],
): StandingItems {
  return { bankItems: { ...bankItems, [bankItemId]: { account, amount: money(amount) } } };
}

/** After an entry said what an item was. Throws `InvariantViolation` where the books have no such item. */
export function itemExplained(state: StandingItems, bankItemId: string, entryId: string): StandingItems {
  const { account, amount } = itemOf(state, bankItemId);
  return { bankItems: { ...state.bankItems, [bankItemId]: { account, amount, entryId } } };
}

/** After what was said of an item was taken back. */
export function itemReopened(state: StandingItems, bankItemId: string): StandingItems {
  const { account, amount } = itemOf(state, bankItemId);
  return { bankItems: { ...state.bankItems, [bankItemId]: { account, amount } } };
}

/** The item; throws `InvariantViolation` where the books have none under this id. */
export function itemOf({ bankItems }: StandingItems, bankItemId: string): StandingItem {
  const item = held(bankItems, bankItemId);
  if (!item) throw new InvariantViolation(`no bank item ${bankItemId} in the books`);
  return item;
}

/** Throws `InvariantViolation` unless the donation's money stands in suspense as the item that it names. */
export function assertStandsAsItem(state: StandingItems, source: EntrySource, bankItemId: string): void {
  const { account, amount, entryId } = itemOf(state, bankItemId);
  const given = source.amount && money(source.amount);
  const same =
    given?.minor === amount.minor && given.currency === amount.currency && source.account === account;
  if (!same || entryId !== undefined)
    throw new InvariantViolation(`donation ${source.donationId} is not bank item ${bankItemId}`);
}
