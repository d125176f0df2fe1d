import type { LocalDate } from '#kernel/dates.js';
import { canonicalJson } from '#kernel/json.js';
import { moneyJson, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { DonationEvent, DonationSource } from './donation.events.js';
import type { DonationState, Matching, RecordedDonation } from './donation.state.js';
import { donationRecorded, type RecordDonation } from './recording.policy.js';

/** Why a donation is not matched, or a match not undone. */
export type MatchingRefusal =
  | 'donation/unknown'
  | 'donation/voided'
  | 'donation/nothing-left'
  | 'donation/undoing-pending'
  | 'donation/match-pending'
  | 'donation/match-changes-nothing'
  | 'donation/match-donor-known'
  | 'donation/match-unknown'
  | 'donation/match-not-last';

/**
 * Says whose a donation is, or which campaign, purpose or pledge it answers. `facts` is the donation as it would be entered
 * now; of it only donor, campaign, purpose and pledge are taken, and the rules of entering hold.
 */
export interface MatchDonation {
  readonly type: 'MatchDonation';
  readonly matchId: string;
  readonly facts: Pick<
    RecordDonation,
    'fund' | 'today' | 'donor' | 'purpose' | 'purposeCampaignId' | 'campaign' | 'pledge'
  >;
  readonly by: string;
  /** Seals why (vault, donors). */
  readonly reasonRecordId?: string;
}

/** Takes back the last match of a donation. */
export interface UndoMatch {
  readonly type: 'UndoMatch';
  /** The id of the taking back. */
  readonly undoId: string;
  readonly matchId: string;
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
  readonly by: string;
  readonly reasonRecordId: string;
}

/** The ledger's message that the donation stands where it was matched to. */
export interface CompleteMatch {
  readonly type: 'CompleteMatch';
  readonly matchId: string;
  readonly entryId: string;
}

/** The ledger's message that it refused; the donation stays what it was. */
export interface DeclineMatch {
  readonly type: 'DeclineMatch';
  readonly matchId: string;
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

/** Decides DonationMatched; refuses one that changes nothing, names another donor, or breaks a rule of entering. */
export function matchDonation(state: DonationState, command: MatchDonation): DonationEvent {
  const donation = assertFree(state);
  const { matchId, facts, by: matchedBy, reasonRecordId } = command;
  const source = sourceAsNow(donation, facts);
  if (canonicalJson(source) === canonicalJson(donation.source)) refuse('donation/match-changes-nothing');
  const known = donation.source.donor.kind === 'named';
  if (known && canonicalJson(source.donor) !== canonicalJson(donation.source.donor))
    refuse('donation/match-donor-known');
  const reason = reasonRecordId === undefined ? {} : { reasonRecordId };
  return {
    type: 'DonationMatched',
    data: { matchId, ...moved(donation, source, facts.today), matchedBy, ...reason },
  };
}

/** Decides DonationMatchUndone; refuses any but the last match that stands. */
export function undoMatch(state: DonationState, command: UndoMatch): DonationEvent {
  const donation = assertFree(state);
  const { undoId, matchId, today, by: undoneBy, reasonRecordId } = command;
  const matches = donation.matches ?? [];
  const last = matches.at(-1);
  if (last?.matchId !== matchId)
    refuse(
      matches.some((match) => match.matchId === matchId)
        ? 'donation/match-not-last'
        : 'donation/match-unknown',
    );
  const data = { matchId: undoId, undoes: matchId, ...moved(donation, last.was, today) };
  return { type: 'DonationMatchUndone', data: { ...data, undoneBy, reasonRecordId } };
}

/** Decides that the ledger has moved it; throws `InvariantViolation` where the donation waits for no such answer. */
export function completeMatch(state: DonationState, { matchId, entryId }: CompleteMatch): DonationEvent {
  const { source } = assertAwaited(state, matchId);
  return { type: 'MatchCompleted', data: { matchId, entryId, source } };
}

/** Decides that the ledger refused it; throws `InvariantViolation` where the donation waits for no such answer. */
export function declineMatch(state: DonationState, command: DeclineMatch): DonationEvent {
  const { matchId, code, shortBy } = command;
  assertAwaited(state, matchId);
  return { type: 'MatchDeclined', data: { matchId, code, ...(shortBy === undefined ? {} : { shortBy }) } };
}

/** What was given stays what it was: sum, things, account, day and language. */
function sourceAsNow({ fundId, source }: RecordedDonation, facts: MatchDonation['facts']): DonationSource {
  if (facts.fund.fundId !== fundId) throw new InvariantViolation('matched with facts of another fund');
  const { donor: _donor, purpose: _purpose, campaignId: _campaign, pledgeId: _pledge, ...given } = source;
  return donationRecorded({ type: 'RecordDonation', ...facts, ...given }).data.source;
}

function moved({ fundId, source: was, left }: RecordedDonation, source: DonationSource, today: LocalDate) {
  return {
    fundId,
    source,
    was,
    ...(left === undefined ? {} : { left: moneyJson(left) }),
    effectiveOn: today,
  };
}

function assertFree(state: DonationState): RecordedDonation {
  if (state.status === 'none') refuse('donation/unknown');
  if (state.status === 'voided') refuse('donation/voided');
  if (state.status === 'refunded') refuse('donation/nothing-left');
  if (state.pending) refuse('donation/undoing-pending');
  if (state.matching) refuse('donation/match-pending');
  return state;
}

function assertAwaited(state: DonationState, matchId: string): Matching {
  const waiting = state.status === 'none' ? undefined : state.matching;
  if (waiting?.matchId !== matchId)
    throw new InvariantViolation(`the donation waits for no answer on ${matchId}`);
  return waiting;
}

function refuse(code: MatchingRefusal): never {
  throw new DomainRefusal(code);
}
