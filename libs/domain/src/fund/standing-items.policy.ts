import { underKey, withKey, withoutKey, type Keyed } from '#kernel/keyed.js';
import { money, negated, plus, type Money } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { BankItemPosted, ClassificationPosted } from './bank-item.events.js';
import type { Entry, EntrySource } from './entry.events.js';
import { isMoneyAccount } from './postings.policy.js';

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
  readonly bankItems: Keyed<StandingItem>;
  /**
   * What refunds, journals and own transfers moved on bank accounts and no item was found to be yet, by {@link claimKey}.
   * Of an own transfer that is its other half alone: the first is the item that it was said of.
   */
  readonly claimable: Keyed<Money>;
}

type Items = Pick<StandingItems, 'bankItems'>;

/** Where what an entry moved on a bank account is kept in {@link StandingItems.claimable}. */
export function claimKey(entryId: string, account: string): string {
  return JSON.stringify([entryId, account]);
}

/** After an entry that a bank item may say again: what it moved on each bank account. */
export function movedAtBanks(
  { claimable }: StandingItems,
  { entryId, postings }: Pick<Entry, 'entryId' | 'postings'>,
): Pick<StandingItems, 'claimable'> {
  const moved: Record<string, Money> = {};
  for (const { account, amount } of postings) {
    if (account === 'cash' || !isMoneyAccount(account)) continue;
    const key = claimKey(entryId, account);
    const before = moved[key];
    moved[key] = before ? plus(before, money(amount)) : money(amount);
  }
  const all = Object.entries(moved);
  return { claimable: all.reduce((free, [key, sum]) => withKey(free, key, sum), claimable) };
}

/** After an entry was reversed: no bank item says it any more. */
export function unmovedAtBanks(
  { claimable }: StandingItems,
  { reversesEntryId, postings }: { readonly reversesEntryId: string; readonly postings: Entry['postings'] },
): Pick<StandingItems, 'claimable'> {
  const keys = postings.map(({ account }) => claimKey(reversesEntryId, account));
  return { claimable: keys.reduce(withoutKey<Money>, claimable) };
}

/** After it was said what an item was, or after that was taken back. */
export function itemClassified(state: StandingItems, data: ClassificationPosted['data']): StandingItems {
  const { bankItemId, of, entryId } = data;
  const item = itemOf(state, bankItemId);
  const items =
    of === 'undoing' ? itemReopened(state, bankItemId) : itemExplained(state, bankItemId, entryId);
  return { ...items, claimable: claimableAfter(state, data, item) };
}

/** Claiming takes what is claimed away; an own transfer adds its other half. Undoing does the contrary. */
function claimableAfter(
  { claimable }: StandingItems,
  { of, entryId, reversesEntryId, classification }: ClassificationPosted['data'],
  { account, amount }: StandingItem,
): StandingItems['claimable'] {
  const isUndone = of === 'undoing';
  if (classification.as === 'posted') {
    const key = claimKey(classification.entryId, account);
    return isUndone ? withKey(claimable, key, amount) : withoutKey(claimable, key);
  }
  if (classification.as !== 'own-transfer') return claimable;
  const key = claimKey(isUndone ? reversesEntryId : entryId, classification.account);
  return isUndone ? withoutKey(claimable, key) : withKey(claimable, key, negated(amount));
}

/** After a bank item was posted. */
export function itemPosted(
  { bankItems }: Items,
  { item: { bankItemId, account, amount } }: BankItemPosted['data'],
): Items {
  return { bankItems: withKey(bankItems, bankItemId, { account, amount: money(amount) }) };
}

/** After an entry said what an item was. Throws `InvariantViolation` where the books have no such item. */
export function itemExplained(state: Items, bankItemId: string, entryId: string): Items {
  const { account, amount } = itemOf(state, bankItemId);
  return { bankItems: withKey(state.bankItems, bankItemId, { account, amount, entryId }) };
}

/** After what was said of an item was taken back. */
export function itemReopened(state: Items, bankItemId: string): Items {
  const { account, amount } = itemOf(state, bankItemId);
  return { bankItems: withKey(state.bankItems, bankItemId, { account, amount }) };
}

/** The item; throws `InvariantViolation` where the books have none under this id. */
export function itemOf({ bankItems }: Items, bankItemId: string): StandingItem {
  const item = underKey(bankItems, bankItemId);
  if (!item) throw new InvariantViolation(`no bank item ${bankItemId} in the books`);
  return item;
}

/** Throws `InvariantViolation` unless the donation's money stands in suspense as the item that it names. */
export function assertStandsAsItem(state: Items, source: EntrySource, bankItemId: string): void {
  const { account, amount, entryId } = itemOf(state, bankItemId);
  const given = source.amount && money(source.amount);
  const same =
    given?.minor === amount.minor && given.currency === amount.currency && source.account === account;
  if (!same || entryId !== undefined)
    throw new InvariantViolation(`donation ${source.donationId} is not bank item ${bankItemId}`);
}
