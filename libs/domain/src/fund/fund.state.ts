import { money, type Currency, type Money } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { DonationPosted, Diversion, Entry, RefundPosted, VoidPosted } from './entry.events.js';
import type { FundEvent, FundOpened, PurposeOpened } from './fund.events.js';
import { arrivalAccount, isMoneyAccount } from './postings.policy.js';
import { thousandths } from './stock.policy.js';

/** A purpose of a fund. */
export interface Purpose {
  readonly code: string;
  readonly name: PurposeOpened['data']['name'];
  /** Whether it takes donations. */
  readonly open: boolean;
  readonly campaignId?: string;
}

/** A donation that stands in suspense. */
export interface Diverted {
  /** What it was given for. */
  readonly purpose: string;
  readonly reason: Diversion;
  /** What of it stands there; absent in kind. */
  readonly left?: Money;
}

/** A donation that was given back in part, or given back or reversed in whole. */
export interface Undone {
  /** Minor units paid back so far. */
  readonly refunded: bigint;
  /** Whether nothing of it is left to undo. */
  readonly whole: boolean;
  /** Whether a refund was paid from another account than it came in on. */
  readonly elsewhere: boolean;
}

/** Minor units by purpose, currency and account; a debit is positive. */
export type Balances = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, bigint>>>>>>;

/** A fund with books. Grows with accounts, purposes and corrections, never with donations. */
export interface OpenFund {
  readonly status: 'open';
  readonly about: FundOpened['data'];
  /** Bank accounts of the chart. */
  readonly bankAccounts: readonly string[];
  readonly purposes: Readonly<Record<string, Purpose>>;
  readonly balances: Balances;
  /** Thousandths of a unit, by {@link stockKey}. */
  readonly stock: Readonly<Record<string, bigint>>;
  readonly lastEntryNumber: number;
  /** By donation. */
  readonly diverted: Readonly<Record<string, Diverted>>;
  /** By donation. */
  readonly undone: Readonly<Record<string, Undone>>;
}

/** A fund that is open, or of which nothing is known. */
export type FundState = { readonly status: 'none' } | OpenFund;

/** Raise it whenever the shape of the state or {@link evolve} changes: older snapshots are then ignored. */
export const fundStateVersion = 2;

/** A fund that nobody has opened. */
export const noFund: FundState = { status: 'none' };

/** What a record holds under a key, and nothing that it inherits: keys come from outside. */
export function held<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Where a thing's quantity is kept in {@link OpenFund.stock}. */
export function stockKey(move: {
  readonly purpose: string;
  readonly item: string;
  readonly unit: string;
}): string {
  return JSON.stringify([move.purpose, move.item, move.unit]);
}

/** Money of a purpose on all accounts that money stands on, in minor units. */
export function purposeMoney(balances: Balances, purpose: string, currency: Currency): bigint {
  const accounts = held(held(balances, purpose) ?? {}, currency) ?? {};
  return Object.entries(accounts).reduce(
    (sum, [account, minor]) => (isMoneyAccount(account) ? sum + minor : sum),
    0n,
  );
}

/** What an account holds over all purposes, in minor units. */
export function accountMoney(balances: Balances, account: string, currency: Currency): bigint {
  return Object.values(balances).reduce(
    (sum, currencies) => sum + (held(held(currencies, currency) ?? {}, account) ?? 0n),
    0n,
  );
}

/** Folds one event; never mutates. Throws `InvariantViolation` for an event before the fund opened. */
export function evolve(state: FundState, event: FundEvent): FundState {
  if (event.type === 'FundOpened') return opened(event.data);
  if (state.status === 'none') throw new InvariantViolation(`${event.type} in a fund that is not open`);
  switch (event.type) {
    case 'AccountOpened':
      return { ...state, bankAccounts: [...state.bankAccounts, event.data.account] };
    case 'PurposeOpened': {
      const { purpose, ...rest } = event.data;
      return withPurpose(state, purpose, { ...rest, open: true });
    }
    case 'PurposeClosed': {
      const purpose = held(state.purposes, event.data.purpose);
      if (!purpose) throw new InvariantViolation(`no purpose ${event.data.purpose}`);
      return withPurpose(state, event.data.purpose, { ...purpose, open: false });
    }
    case 'OpeningBalancesPosted':
      return booked(state, event.data);
    case 'DonationPosted':
      return donated(booked(state, event.data), event.data);
    case 'RefundPosted':
      return refunded(booked(state, event.data), event.data);
    case 'VoidPosted':
      return voided(booked(state, event.data), event.data);
    case 'RefundRefused':
    case 'VoidRefused':
      return state;
  }
}

function opened(about: FundOpened['data']): OpenFund {
  return {
    status: 'open',
    about,
    bankAccounts: [],
    purposes: {},
    balances: {},
    stock: {},
    lastEntryNumber: 0,
    diverted: {},
    undone: {},
  };
}

function withPurpose(state: OpenFund, id: string, purpose: Purpose): OpenFund {
  return { ...state, purposes: { ...state.purposes, [id]: purpose } };
}

function booked(state: OpenFund, entry: Entry): OpenFund {
  if (entry.entryNumber !== state.lastEntryNumber + 1)
    throw new InvariantViolation(`entry ${entry.entryId} is not number ${String(state.lastEntryNumber + 1)}`);
  return { ...state, ...afterEntry(state, entry), lastEntryNumber: entry.entryNumber };
}

/** Balances and stock after the lines of an entry. */
export function afterEntry(
  { balances, stock }: Pick<OpenFund, 'balances' | 'stock'>,
  lines: Pick<Entry, 'postings' | 'stock'>,
): Pick<OpenFund, 'balances' | 'stock'> {
  const posted = lines.postings.reduce((sums, { purpose, account, amount }) => {
    const { minor, currency } = money(amount);
    const currencies = held(sums, purpose) ?? {};
    const accounts = held(currencies, currency) ?? {};
    const sum = (held(accounts, account) ?? 0n) + minor;
    return { ...sums, [purpose]: { ...currencies, [currency]: { ...accounts, [account]: sum } } };
  }, balances);
  if (lines.stock.length === 0) return { balances: posted, stock };
  const moved = { ...stock };
  for (const move of lines.stock) {
    const key = stockKey(move);
    moved[key] = (held(moved, key) ?? 0n) + thousandths(move.quantity);
  }
  return { balances: posted, stock: moved };
}

function donated(state: OpenFund, { diverted, source }: DonationPosted['data']): OpenFund {
  if (!diverted) return state;
  const left = source.amount === undefined ? {} : { left: money(source.amount) };
  const standing: Diverted = { purpose: source.purpose, reason: diverted, ...left };
  return { ...state, diverted: { ...state.diverted, [source.donationId]: standing } };
}

const untouched: Undone = { refunded: 0n, whole: false, elsewhere: false };

function refunded(state: OpenFund, data: RefundPosted['data']): OpenFund {
  const { donationId } = data.source;
  const undone = { ...state.undone, [donationId]: undoneBy(data, held(state.undone, donationId)) };
  const standing = held(state.diverted, donationId);
  if (!standing) return { ...state, undone };
  if (data.full || data.left === undefined)
    return { ...state, undone, diverted: without(state.diverted, donationId) };
  const rest = { ...standing, left: money(data.left) };
  return { ...state, undone, diverted: { ...state.diverted, [donationId]: rest } };
}

function undoneBy(refund: RefundPosted['data'], before: Undone = untouched): Undone {
  const paid = refund.amount === undefined ? 0n : money(refund.amount).minor;
  return {
    refunded: before.refunded + paid,
    whole: refund.full,
    elsewhere: before.elsewhere || isPaidElsewhere(refund),
  };
}

function isPaidElsewhere({ postings, source }: RefundPosted['data']): boolean {
  return postings.some(({ account }) => isMoneyAccount(account) && account !== arrivalAccount(source));
}

function voided(state: OpenFund, { source: { donationId } }: VoidPosted['data']): OpenFund {
  const before = held(state.undone, donationId) ?? untouched;
  const undone = { ...state.undone, [donationId]: { ...before, whole: true } };
  return { ...state, undone, diverted: without(state.diverted, donationId) };
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}
