import type { LocalDate } from '#kernel/dates.js';
import { underKey } from '#kernel/keyed.js';
import { moneyJson, money, type Money, type MoneyJson } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { CorrectionRefusal, EntrySource } from './entry.events.js';
import type { FundEvent } from './fund.events.js';
import type { OpenFund } from './fund.state.js';
import {
  arrivalAccount,
  bankMoved,
  combined,
  isMoneyAccount,
  mirrored,
  moneyReceived,
  suspense,
  thingsReceived,
  type Lines,
} from './postings.policy.js';
import { shortfall } from './shortfall.policy.js';
import { accountingDate } from './accounting-date.policy.js';

/** Pays a donation back, as two persons agreed; from a message. */
export interface PostRefund {
  readonly type: 'PostRefund';
  readonly refundId: string;
  /** Absent in kind, as are `left` and `paidFrom`. */
  readonly amount?: MoneyJson;
  readonly left?: MoneyJson;
  readonly full: boolean;
  readonly paidFrom?: string;
  readonly effectiveOn: LocalDate;
  readonly source: EntrySource;
  /** When it was approved (RFC 3339). */
  readonly approvedAt: string;
}

/** Reverses a donation entered wrongly, as two persons agreed; from a message. */
export interface PostVoid {
  readonly type: 'PostVoid';
  readonly voidId: string;
  /** What refunds have left of it; absent in kind. */
  readonly left?: MoneyJson;
  readonly effectiveOn: LocalDate;
  readonly source: EntrySource;
  readonly approvedAt: string;
}

interface Refused {
  readonly code: CorrectionRefusal;
  readonly shortBy?: MoneyJson;
}

/** Decides RefundPosted, from where the donation really stands, or RefundRefused. Never throws a refusal. */
export function postRefund(fund: OpenFund, command: PostRefund): FundEvent {
  const { refundId, full, source } = command;
  const lines = command.amount
    ? refundOfMoney(fund, command, money(command.amount))
    : refundOfThings(fund, source);
  if ('code' in lines)
    return { type: 'RefundRefused', data: { refundId, donationId: source.donationId, ...lines } };
  const sums = command.amount === undefined ? {} : { amount: command.amount };
  const left = command.left === undefined ? {} : { left: command.left };
  const entry = correction(fund, `refund.${refundId}`, command, lines);
  return { type: 'RefundPosted', data: { ...entry, refundId, ...sums, ...left, full } };
}

/** Decides VoidPosted, the mirror of what is left of the donation, or VoidRefused. Never throws a refusal. */
export function postVoid(fund: OpenFund, command: PostVoid): FundEvent {
  const { voidId, source } = command;
  const lines = reversal(fund, command);
  if ('code' in lines)
    return { type: 'VoidRefused', data: { voidId, donationId: source.donationId, ...lines } };
  const entry = correction(fund, `void.${voidId}`, command, lines);
  return { type: 'VoidPosted', data: { ...entry, voidId } };
}

function refundOfMoney(fund: OpenFund, command: PostRefund, paid: Money): Lines | Refused {
  const { source, paidFrom } = command;
  const whole = moneyOf(source);
  if (paid.currency !== whole.currency) return { code: 'fund/currency-differs' };
  const left = leftOf(fund, source, whole);
  if (left === 0n) return { code: 'fund/already-reversed' };
  if (paid.minor > left)
    return {
      code: 'fund/exceeds-donation',
      shortBy: moneyJson({ ...paid, minor: paid.minor - left }),
    };
  assertAgrees(command, paid, left);
  if (paidFrom === undefined || !inChart(fund, paidFrom)) return { code: 'fund/account-unknown' };
  return covered(fund, mirrored(moneyReceived(paidFrom, standingPurpose(fund, source), moneyJson(paid))));
}

function assertLeft(voidId: string, told: MoneyJson | undefined, left: MoneyJson): void {
  if (told?.amount !== left.amount || told.currency !== left.currency)
    throw new InvariantViolation(`void ${voidId}: the books have ${left.amount} left`);
}

/** Donations and the books reckon what is left each on their own; where they differ nobody is paid. */
function assertAgrees({ refundId, left: told, full }: PostRefund, paid: Money, left: bigint): void {
  if (paid.minor <= 0n) throw new InvariantViolation(`refund ${refundId} pays nothing back`);
  const rest = (left - paid.minor).toString();
  if (told?.amount !== rest || told.currency !== paid.currency || full !== (rest === '0'))
    throw new InvariantViolation(`refund ${refundId}: the books have ${rest} left after it`);
}

function refundOfThings(fund: OpenFund, source: EntrySource): Lines | Refused {
  if (source.method !== 'in-kind')
    throw new InvariantViolation(`refund of ${source.donationId} has no amount`);
  if (underKey(fund.undone, source.donationId)?.whole === true) return { code: 'fund/already-reversed' };
  return covered(fund, mirrored(thingsReceived(source, standingPurpose(fund, source))));
}

function reversal(fund: OpenFund, { left: told, source, voidId }: PostVoid): Lines | Refused {
  if (source.method === 'in-kind') return refundOfThings(fund, source);
  const whole = moneyOf(source);
  const left = leftOf(fund, source, whole);
  if (left === 0n) return { code: 'fund/already-reversed' };
  // What never came in cannot leave the account that it was entered on while another has paid part of it back.
  if (underKey(fund.undone, source.donationId)?.elsewhere === true)
    return { code: 'fund/refunded-elsewhere' };
  const amount = moneyJson({ ...whole, minor: left });
  assertLeft(voidId, told, amount);
  const purpose = standingPurpose(fund, source);
  const gone = mirrored(moneyReceived(arrivalAccount(source), purpose, amount));
  if (source.bankItemId === undefined) return covered(fund, gone);
  return left < whole.minor
    ? { code: 'fund/refunded-in-part' }
    : covered(fund, backAsItem(source, gone, amount));
}

// The bank has the money, whatever it was: it stands in suspense again as the item that it was.
function backAsItem(source: EntrySource, gone: Lines, amount: MoneyJson): Lines {
  return combined(gone, bankMoved(arrivalAccount(source), amount));
}

function covered(fund: OpenFund, lines: Lines): Lines | Refused {
  return shortfall(fund, lines) ?? lines;
}

function correction(
  fund: OpenFund,
  entryId: string,
  { source, effectiveOn, approvedAt }: PostRefund | PostVoid,
  lines: Lines,
) {
  return {
    entryId,
    entryNumber: fund.lastEntryNumber + 1,
    effectiveOn: accountingDate(fund, [source.receivedOn, effectiveOn], approvedAt),
    ...lines,
    reversesEntryId: `donation.${source.donationId}`,
    source,
  };
}

/** Where the donation's money or things stand: in suspense as long as they are diverted. */
export function standingPurpose(fund: OpenFund, { donationId, purpose }: EntrySource): string {
  return underKey(fund.diverted, donationId) ? suspense : purpose;
}

function moneyOf(source: EntrySource): Money {
  if (!source.amount) throw new InvariantViolation(`donation ${source.donationId} has no amount`);
  return money(source.amount);
}

/** Minor units of a donation that refunds have left, as the books have it. */
export function leftOf(fund: OpenFund, { donationId }: EntrySource, whole: Money): bigint {
  const undone = underKey(fund.undone, donationId);
  if (!undone) return whole.minor;
  return undone.whole ? 0n : whole.minor - undone.refunded;
}

function inChart({ bankAccounts }: OpenFund, account: string): boolean {
  return account === 'cash' || (isMoneyAccount(account) && bankAccounts.includes(account));
}
