import type { LocalDate } from '#kernel/dates.js';
import { minus, money, moneyJson, type Money, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { areIndependent, type Participant } from '#kernel/two-persons.js';
import type { DonationEvent, RefundTerms } from './donation.events.js';
import type { DonationState, RecordedDonation, Undoing } from './donation.state.js';

/** Why a refund or a void is not asked for, approved, rejected or withdrawn. */
export type UndoingRefusal =
  | 'donation/unknown'
  | 'donation/voided'
  | 'donation/nothing-left'
  | 'donation/undoing-pending'
  | 'donation/match-pending'
  | 'donation/in-kind-whole'
  | 'donation/refund-not-positive'
  | 'donation/refund-other-currency'
  | 'donation/refund-above-left'
  | 'donation/undoing-unknown'
  | 'donation/undoing-decided'
  | 'donation/same-person'
  | 'donation/approver-made-by-maker'
  | 'donation/not-the-maker';

interface Asking {
  readonly by: string;
  /** Staff through whose hands the access of `by` went. */
  readonly enabledBy?: readonly string[];
}

/** Asks to pay a donation back: all that is left of it, or `amount`. */
export interface RequestRefund extends Asking {
  readonly type: 'RequestRefund';
  readonly refundId: string;
  /** All that is left when absent. */
  readonly amount?: MoneyJson;
  /** Where it is paid from; the account it came in by when absent. */
  readonly paidFrom?: string;
  readonly reasonRecordId: string;
}

/** Asks to undo a donation that was entered wrongly. */
export interface RequestVoid extends Asking {
  readonly type: 'RequestVoid';
  readonly voidId: string;
  readonly reasonRecordId: string;
}

interface Named {
  readonly kind: 'refund' | 'void';
  readonly id: string;
}

/** A second person's yes; the ledger is asked next. */
export interface ApproveUndoing extends Named, Asking {
  readonly type: 'ApproveUndoing';
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

/** A second person's no. */
export interface RejectUndoing extends Named {
  readonly type: 'RejectUndoing';
  readonly by: string;
  readonly reasonRecordId: string;
}

/** Taken back by the person who asked, before anyone approved. */
export interface WithdrawUndoing extends Named {
  readonly type: 'WithdrawUndoing';
  readonly by: string;
}

/** The ledger's message that it has posted. */
export interface CompleteUndoing extends Named {
  readonly type: 'CompleteUndoing';
  readonly entryId: string;
}

/** The ledger's message that it refused. */
export interface DeclineUndoing extends Named {
  readonly type: 'DeclineUndoing';
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

/** Decides RefundRequested; refuses a second one pending and more than is left, in its currency. */
export function requestRefund(state: DonationState, command: RequestRefund): DonationEvent {
  const donation = assertOpen(state);
  const { refundId, reasonRecordId } = command;
  const asked = { ...askedBy(command), reasonRecordId };
  return { type: 'RefundRequested', data: { refundId, ...termsOf(donation, command), ...asked } };
}

/** Decides VoidRequested; refuses while something is pending and where nothing is left to reverse. */
export function requestVoid(state: DonationState, command: RequestVoid): DonationEvent {
  assertOpen(state);
  const { voidId, reasonRecordId } = command;
  return { type: 'VoidRequested', data: { voidId, ...askedBy(command), reasonRecordId } };
}

/**
 * Decides the approval with all that the ledger needs of the donation; refuses the person who asked, and whoever made that
 * person's access or was made by it, for then the two may be one.
 */
export function approveUndoing(state: DonationState, command: ApproveUndoing): DonationEvent {
  const { donation, pending } = assertRequested(state, command);
  assertSecondPerson(pending, command.by);
  assertIndependent(pending, command);
  const { fundId, source, left } = donation;
  const approved = { approvedBy: command.by, effectiveOn: command.today, fundId, source };
  if (pending.kind === 'void') {
    const reversed = left === undefined ? {} : { left: moneyJson(left) };
    return { type: 'VoidApproved', data: { voidId: pending.id, ...approved, ...reversed } };
  }
  if (!pending.terms) throw new InvariantViolation(`refund ${pending.id} without terms`);
  return { type: 'RefundApproved', data: { refundId: pending.id, ...pending.terms, ...approved } };
}

/** Decides the rejection; refuses the person who asked, who may withdraw instead. */
export function rejectUndoing(state: DonationState, command: RejectUndoing): DonationEvent {
  const { pending } = assertRequested(state, command);
  assertSecondPerson(pending, command.by);
  const rejected = { rejectedBy: command.by, reasonRecordId: command.reasonRecordId };
  return pending.kind === 'refund'
    ? { type: 'RefundRejected', data: { refundId: pending.id, ...rejected } }
    : { type: 'VoidRejected', data: { voidId: pending.id, ...rejected } };
}

/** Decides the withdrawal; refuses anyone but the person who asked. */
export function withdrawUndoing(state: DonationState, command: WithdrawUndoing): DonationEvent {
  const { pending } = assertRequested(state, command);
  if (pending.requestedBy !== command.by) refuse('donation/not-the-maker');
  return pending.kind === 'refund'
    ? { type: 'RefundWithdrawn', data: { refundId: pending.id, withdrawnBy: command.by } }
    : { type: 'VoidWithdrawn', data: { voidId: pending.id, withdrawnBy: command.by } };
}

/** Decides that the ledger posted it; throws `InvariantViolation` where the donation waits for no such answer. */
export function completeUndoing(state: DonationState, command: CompleteUndoing): DonationEvent {
  const { kind, id } = assertAwaited(state, command);
  const { entryId } = command;
  return kind === 'refund'
    ? { type: 'RefundCompleted', data: { refundId: id, entryId } }
    : { type: 'VoidCompleted', data: { voidId: id, entryId } };
}

/** Decides that the ledger refused it; throws `InvariantViolation` where the donation waits for no such answer. */
export function declineUndoing(state: DonationState, command: DeclineUndoing): DonationEvent {
  const { kind, id } = assertAwaited(state, command);
  const { code, shortBy } = command;
  const declined = { code, ...(shortBy === undefined ? {} : { shortBy }) };
  return kind === 'refund'
    ? { type: 'RefundDeclined', data: { refundId: id, ...declined } }
    : { type: 'VoidDeclined', data: { voidId: id, ...declined } };
}

function assertAwaited(state: DonationState, { kind, id }: Named): Undoing {
  const pending = state.status === 'none' ? undefined : state.pending;
  if (pending?.step !== 'approved' || pending.kind !== kind || pending.id !== id)
    throw new InvariantViolation(`the donation waits for no answer on ${kind} ${id}`);
  return pending;
}

function termsOf({ source, left }: RecordedDonation, { amount, paidFrom }: RequestRefund): RefundTerms {
  if (left === undefined || source.account === undefined) {
    if (amount !== undefined || paidFrom !== undefined) refuse('donation/in-kind-whole');
    return { full: true };
  }
  const paid = amount === undefined ? left : money(amount);
  assertWithinLeft(paid, left);
  const rest = minus(left, paid);
  return {
    amount: moneyJson(paid),
    left: moneyJson(rest),
    full: rest.minor === 0n,
    paidFrom: paidFrom ?? source.account,
  };
}

function assertWithinLeft(paid: Money, left: Money): void {
  const { currency } = left;
  if (paid.minor <= 0n) refuse('donation/refund-not-positive');
  if (paid.currency !== currency) refuse('donation/refund-other-currency', { currency });
  if (paid.minor > left.minor)
    refuse('donation/refund-above-left', { currency, left: left.minor.toString() });
}

function assertOpen(state: DonationState): RecordedDonation {
  if (state.status === 'none') refuse('donation/unknown');
  if (state.status === 'voided') refuse('donation/voided');
  if (state.status === 'refunded') refuse('donation/nothing-left');
  if (state.pending) refuse('donation/undoing-pending');
  if (state.matching) refuse('donation/match-pending');
  return state;
}

function assertRequested(
  state: DonationState,
  { kind, id }: Named,
): { readonly donation: RecordedDonation; readonly pending: Undoing } {
  if (state.status === 'none') refuse('donation/unknown');
  const { pending, settled } = state;
  if (pending?.kind === kind && pending.id === id) {
    if (pending.step === 'approved') refuse('donation/undoing-decided');
    return { donation: state, pending };
  }
  const decided = settled.some((undoing) => undoing.kind === kind && undoing.id === id);
  refuse(decided ? 'donation/undoing-decided' : 'donation/undoing-unknown');
}

function assertSecondPerson(pending: Undoing, by: string): void {
  if (pending.requestedBy === by) refuse('donation/same-person');
}

function assertIndependent(pending: Undoing, { by, enabledBy }: Asking): void {
  const maker = participant(pending.requestedBy, pending.requesterEnabledBy);
  if (!areIndependent(maker, participant(by, enabledBy))) refuse('donation/approver-made-by-maker');
}

function participant(staffId: string, enabledBy: readonly string[] | undefined): Participant {
  return { staffId, ...(enabledBy && { enabledBy }) };
}

function askedBy({ by, enabledBy }: Asking): Pick<Undoing, 'requestedBy' | 'requesterEnabledBy'> {
  return { requestedBy: by, ...(enabledBy && { requesterEnabledBy: enabledBy }) };
}

function refuse(code: UndoingRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
