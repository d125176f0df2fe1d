import { InvariantViolation } from '#kernel/refusal.js';
import { money, zero, type Money } from '#kernel/money.js';
import type { DonationEvent, DonationSource, RefundTerms } from './donation.events.js';

/** A refund or a void that somebody asked for and that has no outcome yet. */
export interface Undoing {
  readonly kind: 'refund' | 'void';
  readonly id: string;
  /** `approved` waits for the ledger and cannot be taken back. */
  readonly step: 'requested' | 'approved';
  readonly requestedBy: string;
  readonly requesterEnabledBy?: readonly string[];
  /** What the refund pays back and leaves; absent for a void. */
  readonly terms?: RefundTerms;
}

/** How a refund or a void ended. */
export interface SettledUndoing {
  readonly kind: 'refund' | 'void';
  readonly id: string;
  readonly outcome: 'completed' | 'declined' | 'rejected' | 'withdrawn';
  readonly terms?: RefundTerms;
  /** The ledger's refusal code, where it declined. */
  readonly code?: string;
}

/** A match on its way to the ledger, or the taking back of one. */
export interface Matching {
  readonly matchId: string;
  /** The match that it takes back. */
  readonly undoes?: string;
  readonly source: DonationSource;
  readonly was: DonationSource;
}

/** A match that stands, and what the donation was before it. */
export interface StandingMatch {
  readonly matchId: string;
  readonly was: DonationSource;
}

/** A donation that was recorded: `standing` counts, `refunded` was paid back whole, `voided` was entered wrongly. */
export interface RecordedDonation {
  readonly status: 'standing' | 'refunded' | 'voided';
  readonly fundId: string;
  readonly source: DonationSource;
  /** What refunds have left of the money, which a void then reverses; absent in kind. */
  readonly left?: Money;
  readonly pending?: Undoing;
  readonly settled: readonly SettledUndoing[];
  readonly matching?: Matching;
  /** The matches that stand, oldest first; absent where there never was one. */
  readonly matches?: readonly StandingMatch[];
  /** How often what was said of it was erased; absent for never. */
  readonly erasures?: number;
}

/** A donation's state. */
export type DonationState = { readonly status: 'none' } | RecordedDonation;

/** Nothing recorded yet. */
export const noDonation: DonationState = { status: 'none' };

/** What of the money still stands in the books: nothing once voided; undefined in kind. */
export function standingOf({ status, left }: RecordedDonation): Money | undefined {
  return left && status === 'voided' ? zero(left.currency) : left;
}

/** Folds one event; throws `InvariantViolation` for an order of events that no decision makes. */
export function evolveDonation(state: DonationState, event: DonationEvent): DonationState {
  if (event.type === 'DonationRecorded') {
    const { fundId, source } = event.data;
    const left = source.amount === undefined ? {} : { left: money(source.amount) };
    return { status: 'standing', fundId, source, ...left, settled: [] };
  }
  if (state.status === 'none') throw new InvariantViolation(`${event.type} before DonationRecorded`);
  return evolveUndoing(state, event);
}

function evolveUndoing(
  state: RecordedDonation,
  event: Exclude<DonationEvent, { readonly type: 'DonationRecorded' }>,
): RecordedDonation {
  switch (event.type) {
    case 'RefundRequested': {
      const { refundId, requestedBy, requesterEnabledBy, reasonRecordId: _reason, ...terms } = event.data;
      const asked = askedBy(requestedBy, requesterEnabledBy);
      return { ...state, pending: { kind: 'refund', id: refundId, step: 'requested', ...asked, terms } };
    }
    case 'VoidRequested': {
      const { voidId, requestedBy, requesterEnabledBy } = event.data;
      const asked = askedBy(requestedBy, requesterEnabledBy);
      return { ...state, pending: { kind: 'void', id: voidId, step: 'requested', ...asked } };
    }
    case 'RefundApproved':
    case 'VoidApproved':
      return { ...state, pending: { ...pendingOf(state, event.type), step: 'approved' } };
    case 'RefundRejected':
    case 'VoidRejected':
      return settle(state, { outcome: 'rejected' }, event.type);
    case 'RefundWithdrawn':
    case 'VoidWithdrawn':
      return settle(state, { outcome: 'withdrawn' }, event.type);
    case 'RefundDeclined':
    case 'VoidDeclined':
      return settle(state, { outcome: 'declined', code: event.data.code }, event.type);
    case 'RefundCompleted':
      return refunded(state);
    case 'VoidCompleted':
      return { ...settle(state, { outcome: 'completed' }, event.type), status: 'voided' };
    case 'PersonalDataErased':
      return { ...state, erasures: event.data.erasure };
    case 'DonationMatched':
    case 'DonationMatchUndone':
    case 'MatchCompleted':
    case 'MatchDeclined':
      return evolveMatching(state, event);
  }
}

type MatchEvent = Extract<
  DonationEvent,
  { readonly type: 'DonationMatched' | 'DonationMatchUndone' | 'MatchCompleted' | 'MatchDeclined' }
>;

function evolveMatching(state: RecordedDonation, event: MatchEvent): RecordedDonation {
  switch (event.type) {
    case 'DonationMatched': {
      const { matchId, source, was } = event.data;
      return { ...state, matching: { matchId, source, was } };
    }
    case 'DonationMatchUndone': {
      const { matchId, undoes, source, was } = event.data;
      return { ...state, matching: { matchId, undoes, source, was } };
    }
    case 'MatchCompleted':
      return matched(state, event.data.source);
    case 'MatchDeclined': {
      const { matching: _declined, ...rest } = state;
      return rest;
    }
  }
}

function matched({ matching, ...state }: RecordedDonation, source: DonationSource): RecordedDonation {
  if (!matching) throw new InvariantViolation('MatchCompleted with nothing on its way');
  const { matchId, undoes, was } = matching;
  const standing = state.matches ?? [];
  const matches = undoes === undefined ? [...standing, { matchId, was }] : standing.slice(0, -1);
  return { ...state, source, matches };
}

function askedBy(
  requestedBy: string,
  requesterEnabledBy: readonly string[] | undefined,
): Pick<Undoing, 'requestedBy' | 'requesterEnabledBy'> {
  return { requestedBy, ...(requesterEnabledBy && { requesterEnabledBy }) };
}

function refunded(state: RecordedDonation): RecordedDonation {
  const terms = pendingOf(state, 'RefundCompleted').terms;
  const settled = settle(state, { outcome: 'completed' }, 'RefundCompleted');
  const left = terms?.left === undefined ? {} : { left: money(terms.left) };
  return { ...settled, ...left, status: terms?.full === true ? 'refunded' : state.status };
}

function settle(
  state: RecordedDonation,
  ending: Pick<SettledUndoing, 'outcome' | 'code'>,
  type: string,
): RecordedDonation {
  const { step: _step, requestedBy: _by, requesterEnabledBy: _enabled, ...undoing } = pendingOf(state, type);
  const { pending: _pending, ...rest } = state;
  return { ...rest, settled: [...state.settled, { ...undoing, ...ending }] };
}

function pendingOf(state: RecordedDonation, type: string): Undoing {
  if (!state.pending) throw new InvariantViolation(`${type} with nothing pending`);
  return state.pending;
}
