import { underKey } from '#kernel/keyed.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import { accountingDate } from './accounting-date.policy.js';
import { held } from './balances.policy.js';
import type { BankItem, Classification } from './bank-item.events.js';
import { bankFees, ownerOf } from './chart.policy.js';
import type { Entry, EntryRefusal } from './entry.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import { bankMoved, combined, mirrored, pairOf, unrestricted, type Lines } from './postings.policy.js';
import { shortfall } from './shortfall.policy.js';
import { claimKey, itemOf, type StandingItem } from './standing-items.policy.js';

interface Said {
  readonly classificationId: string;
  readonly item: BankItem;
  readonly classification: Classification;
  /** When it was said (RFC 3339). */
  readonly toldAt: string;
}

/** Posts what a person says that a bank item was, anything but a donation; from a message. */
export type ClassifyBankItem = Said & { readonly type: 'ClassifyBankItem' };

/** Reverses what was posted of a bank item: it was something else; from a message. */
export type UndoClassification = Said & { readonly type: 'UndoClassification' };

interface Refused {
  readonly code: EntryRefusal;
  readonly shortBy?: MoneyJson;
}

/**
 * Decides ClassificationPosted, which takes the item out of suspense and posts what it was, or ClassificationRefused.
 * Throws `InvariantViolation` for an item that is not in the books.
 */
export function classifyBankItem(fund: OpenFund, command: ClassifyBankItem): FundEvent {
  const { item, classification, classificationId } = command;
  const standing = itemOf(fund, item.bankItemId);
  const of = 'classification';
  if (standing.entryId !== undefined) return refused(command, of, { code: 'fund/item-classified' });
  const fault = faultOf(fund, standing, classification);
  if (fault) return refused(command, of, { code: fault });
  const lines = linesOf(standing, classification);
  const short = shortfall(fund, lines);
  if (short) return refused(command, of, short);
  return posted(command, of, {
    ...entryOf(fund, command, lines),
    entryId: entryIdOf(classificationId),
    reversesEntryId: `bank-item.${item.bankItemId}`,
  });
}

/** Decides the reversal, once only, or ClassificationRefused. Throws like {@link classifyBankItem}. */
export function undoClassification(fund: OpenFund, command: UndoClassification): FundEvent {
  const { item, classification, classificationId } = command;
  const standing = itemOf(fund, item.bankItemId);
  const of = 'undoing';
  const reversesEntryId = entryIdOf(classificationId);
  if (standing.entryId !== reversesEntryId) return refused(command, of, { code: 'fund/item-not-classified' });
  if (isClaimed(fund, classification, reversesEntryId))
    return refused(command, of, { code: 'fund/entry-claimed' });
  const lines = mirrored(linesOf(standing, classification));
  const short = shortfall(fund, lines);
  if (short) return refused(command, of, short);
  const entryId = `classification-undone.${classificationId}`;
  return posted(command, of, { ...entryOf(fund, command, lines), entryId, reversesEntryId });
}

/** Whether an item of the other account was found to be the other half of this own transfer. */
function isClaimed({ claimable }: OpenFund, classification: Classification, entryId: string): boolean {
  if (classification.as !== 'own-transfer') return false;
  return underKey(claimable, claimKey(entryId, classification.account)) === undefined;
}

function faultOf(
  fund: OpenFund,
  { account, amount }: StandingItem,
  classification: Classification,
): EntryRefusal | undefined {
  switch (classification.as) {
    case 'cash-withdrawn':
      return undefined;
    case 'bank-fee':
      return purposeFault(fund, classification.purpose, amount.minor);
    case 'own-transfer': {
      const known = fund.bankAccounts.includes(classification.account);
      return known && classification.account !== account ? undefined : 'fund/account-unknown';
    }
    case 'posted': {
      const claimed = underKey(fund.claimable, claimKey(classification.entryId, account));
      const same = claimed?.minor === amount.minor && claimed.currency === amount.currency;
      return same ? undefined : 'fund/entry-unknown';
    }
    case 'other':
      return accountFault(classification.account) ?? purposeFault(fund, classification.purpose, amount.minor);
  }
}

function accountFault(account: string): EntryRefusal | undefined {
  const owner = ownerOf(account);
  if (owner === 'person') return undefined;
  return owner === 'nobody' ? 'fund/account-unknown' : 'fund/account-of-documents';
}

/** Money that came in goes to a purpose that takes some; what went out, to any that the fund has. */
function purposeFault({ purposes }: OpenFund, purpose: string, minor: bigint): EntryRefusal | undefined {
  if (purpose === unrestricted) return undefined;
  const known = held(purposes, purpose);
  if (!known) return 'fund/purpose-unknown';
  return known.open || minor < 0n ? undefined : 'fund/purpose-closed';
}

/** The item's own entry taken back, and what it really was. */
function linesOf({ account, amount }: StandingItem, classification: Classification): Lines {
  const sum = moneyJson(amount);
  const undone = mirrored(bankMoved(account, sum));
  switch (classification.as) {
    case 'bank-fee':
      return combined(undone, pairOf(account, bankFees, classification.purpose, sum));
    case 'cash-withdrawn':
      return combined(undone, pairOf(account, 'cash', unrestricted, sum));
    case 'own-transfer':
      return combined(undone, pairOf(account, classification.account, unrestricted, sum));
    case 'posted':
      return undone;
    case 'other':
      return combined(undone, pairOf(account, classification.account, classification.purpose, sum));
  }
}

function entryIdOf(classificationId: string): string {
  return `classification.${classificationId}`;
}

function entryOf(fund: OpenFund, { item, toldAt }: Said, lines: Lines): Omit<Entry, 'entryId'> {
  const effectiveOn = accountingDate(fund, [item.bookedOn], toldAt);
  return { entryNumber: fund.lastEntryNumber + 1, effectiveOn, ...lines };
}

function posted(
  { item, classificationId, classification }: Said,
  of: 'classification' | 'undoing',
  entry: Entry & { readonly reversesEntryId: string },
): FundEvent {
  const { bankItemId, bookedOn } = item;
  const booked = bookedOn === entry.effectiveOn ? {} : { bookedOn };
  return {
    type: 'ClassificationPosted',
    data: { ...entry, bankItemId, classificationId, of, classification, ...booked },
  };
}

function refused(
  { item, classificationId }: Said,
  of: 'classification' | 'undoing',
  why: Refused,
): FundEvent {
  const { bankItemId } = item;
  return { type: 'ClassificationRefused', data: { bankItemId, classificationId, of, ...why } };
}
