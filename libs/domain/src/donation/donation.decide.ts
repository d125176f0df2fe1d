import type { Decider } from '#kernel/decider.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { DonationEvent } from './donation.events.js';
import { evolveDonation, noDonation, type DonationState } from './donation.state.js';
import {
  completeMatch,
  declineMatch,
  matchDonation,
  undoMatch,
  type CompleteMatch,
  type DeclineMatch,
  type MatchDonation,
  type MatchingRefusal,
  type UndoMatch,
} from './matching.policy.js';
import { donationRecorded, type RecordDonation, type RecordingRefusal } from './recording.policy.js';
import {
  approveUndoing,
  completeUndoing,
  declineUndoing,
  rejectUndoing,
  requestRefund,
  requestVoid,
  withdrawUndoing,
  type ApproveUndoing,
  type CompleteUndoing,
  type DeclineUndoing,
  type RejectUndoing,
  type RequestRefund,
  type RequestVoid,
  type UndoingRefusal,
  type WithdrawUndoing,
} from './undoing.policy.js';

/** Records that what was said of the donation was destroyed; another erasure that came first makes it nothing. */
export interface EraseTexts {
  readonly type: 'EraseTexts';
  /** The erasures before this one, as they were when it destroyed. */
  readonly erasures: number;
}

/** Everything that can be asked of a donation; completing and declining come from the ledger by message. */
export type DonationCommand =
  | RecordDonation
  | EraseTexts
  | RequestRefund
  | RequestVoid
  | ApproveUndoing
  | RejectUndoing
  | WithdrawUndoing
  | CompleteUndoing
  | DeclineUndoing
  | MatchDonation
  | UndoMatch
  | CompleteMatch
  | DeclineMatch;

/** Every code with which a donation refuses a person's command. */
export type DonationRefusal = RecordingRefusal | UndoingRefusal | MatchingRefusal;

/** The rules of a donation: recorded once, matched, undone in part or whole by two persons; each with the ledger's answer. */
export const donation: Decider<DonationState, DonationCommand, DonationEvent> = {
  initialState: noDonation,
  evolve: evolveDonation,
  decide: (state, command) =>
    command.type === 'EraseTexts' ? eraseTexts(state, command) : [decideDonation(state, command)],
};

function eraseTexts(state: DonationState, { erasures }: EraseTexts): readonly DonationEvent[] {
  if (state.status === 'none') throw new DomainRefusal<UndoingRefusal>('donation/unknown');
  if ((state.erasures ?? 0) !== erasures) return [];
  const { fundId, source } = state;
  const data = { fundId, donationId: source.donationId, erasure: erasures + 1 };
  return [{ type: 'PersonalDataErased', data }];
}

function decideDonation(state: DonationState, command: Exclude<DonationCommand, EraseTexts>): DonationEvent {
  switch (command.type) {
    case 'RecordDonation':
      if (state.status !== 'none') throw new InvariantViolation('a donation is recorded once');
      return donationRecorded(command);
    case 'RequestRefund':
      return requestRefund(state, command);
    case 'RequestVoid':
      return requestVoid(state, command);
    case 'ApproveUndoing':
      return approveUndoing(state, command);
    case 'RejectUndoing':
      return rejectUndoing(state, command);
    case 'WithdrawUndoing':
      return withdrawUndoing(state, command);
    case 'CompleteUndoing':
      return completeUndoing(state, command);
    case 'DeclineUndoing':
      return declineUndoing(state, command);
    case 'MatchDonation':
      return matchDonation(state, command);
    case 'UndoMatch':
      return undoMatch(state, command);
    case 'CompleteMatch':
      return completeMatch(state, command);
    case 'DeclineMatch':
      return declineMatch(state, command);
  }
}
