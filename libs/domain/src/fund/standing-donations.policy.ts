import { underKey, withKey, withoutKey, type Keyed } from '#kernel/keyed.js';
import { money, type Money } from '#kernel/money.js';
import type {
  DonationPosted,
  DonationReassigned,
  Diversion,
  RefundPosted,
  VoidPosted,
} from './entry.events.js';
import { arrivalAccount, isMoneyAccount } from './postings.policy.js';

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

/** What the books remember of donations: only of those in suspense, and of those given back. Both by donation. */
export interface StandingDonations {
  readonly diverted: Keyed<Diverted>;
  readonly undone: Keyed<Undone>;
}

/** After a donation was posted. */
export function donated(
  { diverted: before, undone }: StandingDonations,
  { diverted, source }: DonationPosted['data'],
): StandingDonations {
  if (!diverted) return { diverted: before, undone };
  const left = source.amount === undefined ? {} : { left: money(source.amount) };
  const inSuspense: Diverted = { purpose: source.purpose, reason: diverted, ...left };
  return { undone, diverted: withKey(before, source.donationId, inSuspense) };
}

const untouched: Undone = { refunded: 0n, whole: false, elsewhere: false };

/** After a refund. */
export function refunded(state: StandingDonations, data: RefundPosted['data']): StandingDonations {
  const { donationId } = data.source;
  const undone = withKey(state.undone, donationId, undoneBy(data, underKey(state.undone, donationId)));
  const standing = underKey(state.diverted, donationId);
  if (!standing) return { undone, diverted: state.diverted };
  if (data.full || data.left === undefined)
    return { undone, diverted: withoutKey(state.diverted, donationId) };
  const rest = { ...standing, left: money(data.left) };
  return { undone, diverted: withKey(state.diverted, donationId, rest) };
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

/** After a donation was moved, or was found to be somebody else's. */
export function reassigned(
  { diverted: before, undone }: StandingDonations,
  { diverted, source, left }: DonationReassigned['data'],
): StandingDonations {
  const { donationId, purpose } = source;
  if (!diverted) return { undone, diverted: withoutKey(before, donationId) };
  const inSuspense: Diverted = { purpose, reason: diverted, ...(left && { left: money(left) }) };
  return { undone, diverted: withKey(before, donationId, inSuspense) };
}

/** After a void. */
export function voided(
  state: StandingDonations,
  { source: { donationId } }: VoidPosted['data'],
): StandingDonations {
  const before = underKey(state.undone, donationId) ?? untouched;
  const undone = withKey(state.undone, donationId, { ...before, whole: true });
  return { undone, diverted: withoutKey(state.diverted, donationId) };
}
