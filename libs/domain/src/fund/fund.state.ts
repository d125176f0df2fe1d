import { nothingKeyed, withKey, type Keyed } from '#kernel/keyed.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { afterEntry, held, type Holdings } from './balances.policy.js';
import type { DonationPosted, Entry, RefundPosted, VoidPosted } from './entry.events.js';
import type { FundEvent, FundOpened, PurposeOpened } from './fund.events.js';
import type { JournalPosted } from './journal-entry.events.js';
import { periodsAfter, type Periods } from './periods.policy.js';
import {
  donated,
  reassigned,
  refunded,
  voided,
  type StandingDonations,
} from './standing-donations.policy.js';
import {
  itemClassified,
  itemExplained,
  itemPosted,
  itemReopened,
  movedAtBanks,
  unmovedAtBanks,
  type StandingItems,
} from './standing-items.policy.js';

/** A purpose of a fund. */
export interface Purpose {
  readonly code: string;
  readonly name: PurposeOpened['data']['name'];
  /** Whether it takes donations. */
  readonly open: boolean;
  readonly campaignId?: string;
}

/** A fund with books. Grows with accounts, purposes, bank items and corrections, never with donations. */
export interface OpenFund extends Holdings, StandingDonations, StandingItems, Periods {
  readonly status: 'open';
  readonly about: FundOpened['data'];
  /** Bank accounts of the chart. */
  readonly bankAccounts: readonly string[];
  readonly purposes: Readonly<Record<string, Purpose>>;
  readonly lastEntryNumber: number;
  /** The entry that reverses it, by entry: of those that a person reversed. */
  readonly reversed: Keyed<string>;
}

/** A fund that is open, or of which nothing is known. */
export type FundState = { readonly status: 'none' } | OpenFund;

/** Raise it whenever the shape of the state or {@link evolve} changes: older snapshots are then ignored. */
export const fundStateVersion = 6;

/** A fund that nobody has opened. */
export const noFund: FundState = { status: 'none' };

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
      return afterDonation(booked(state, event.data), event.data);
    case 'RefundPosted':
      return afterRefund(booked(state, event.data), event.data);
    case 'VoidPosted':
      return afterVoid(booked(state, event.data), event.data);
    case 'DonationReassigned':
      return { ...booked(state, event.data), ...reassigned(state, event.data) };
    case 'BankItemPosted':
      return { ...booked(state, event.data), ...itemPosted(state, event.data) };
    case 'ClassificationPosted':
      return { ...booked(state, event.data), ...itemClassified(state, event.data) };
    case 'JournalPosted':
      return afterJournal(booked(state, event.data), event.data);
    case 'PeriodClosed':
    case 'ReopeningAsked':
    case 'PeriodReopened':
    case 'ReopeningRejected':
    case 'ReopeningWithdrawn':
    case 'ReopeningTextsErased':
      return { ...state, ...periodsAfter(state, event, state.about.openedOn) };
    case 'JournalRefused':
    case 'CashCounted':
    case 'RefundRefused':
    case 'VoidRefused':
    case 'ClassificationRefused':
    case 'ReassignmentRefused':
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
    diverted: nothingKeyed,
    undone: nothingKeyed,
    bankItems: nothingKeyed,
    claimable: nothingKeyed,
    reversed: nothingKeyed,
    closedThrough: null,
    reopening: null,
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

function afterDonation(state: OpenFund, data: DonationPosted['data']): OpenFund {
  const { bankItemId } = data.source;
  const after = { ...state, ...donated(state, data) };
  return bankItemId === undefined ? after : { ...after, ...itemExplained(after, bankItemId, data.entryId) };
}

function afterRefund(state: OpenFund, data: RefundPosted['data']): OpenFund {
  return { ...state, ...refunded(state, data), ...movedAtBanks(state, data) };
}

function afterJournal(state: OpenFund, data: JournalPosted['data']): OpenFund {
  const { reversesEntryId, entryId, postings } = data;
  if (reversesEntryId === undefined) return { ...state, ...movedAtBanks(state, data) };
  const reversed = withKey(state.reversed, reversesEntryId, entryId);
  return { ...state, reversed, ...unmovedAtBanks(state, { reversesEntryId, postings }) };
}

function afterVoid(state: OpenFund, data: VoidPosted['data']): OpenFund {
  const { bankItemId } = data.source;
  const after = { ...state, ...voided(state, data) };
  return bankItemId === undefined ? after : { ...after, ...itemReopened(after, bankItemId) };
}
