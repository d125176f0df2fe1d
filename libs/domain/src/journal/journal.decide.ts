import type { Decider } from '#kernel/decider.js';
import { money, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { areIndependent, type Participant } from '#kernel/two-persons.js';
import type { JournalEvent, JournalTerms } from './journal.events.js';
import { evolveJournal, noJournal, type JournalState, type WrittenJournal } from './journal.state.js';
import { ceilingsFor, needsSecondPerson } from './one-person.policy.js';

/** Why a journal is not written, agreed to, rejected or withdrawn. */
export type JournalRefusal =
  | 'journal/unknown'
  | 'journal/lines-missing'
  | 'journal/line-of-nothing'
  | 'journal/not-balanced'
  | 'journal/decided'
  | 'journal/same-person'
  | 'journal/approver-made-by-maker'
  | 'journal/not-the-maker';

interface Person {
  readonly by: string;
  /** Staff through whose hands the access of `by` went. */
  readonly enabledBy?: readonly string[];
}

/** Writes a journal; one that needs no second person is agreed on with it. */
export interface DraftJournal extends JournalTerms, Person {
  readonly type: 'DraftJournal';
  readonly textRecordId: string;
}

/** A second person's yes; the fund is asked next. */
export interface ApproveJournal extends Person {
  readonly type: 'ApproveJournal';
}

/** A second person's no. */
export interface RejectJournal {
  readonly type: 'RejectJournal';
  readonly by: string;
  readonly reasonRecordId: string;
}

/** Taken back by the person who wrote it. */
export interface WithdrawJournal {
  readonly type: 'WithdrawJournal';
  readonly by: string;
}

/** The fund's message that it has posted it. */
export interface CompleteJournal {
  readonly type: 'CompleteJournal';
  readonly entryId: string;
}

/** The fund's message that it refused. */
export interface DeclineJournal {
  readonly type: 'DeclineJournal';
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

/** Says that its texts are destroyed, after they were. */
export interface EraseJournalTexts {
  readonly type: 'EraseJournalTexts';
  /** How often that was done before, as the destroyed key goes by. */
  readonly erasures: number;
  readonly by: string;
}

/** Everything that can be asked of a journal; `CompleteJournal` and `DeclineJournal` come from the fund by message. */
export type JournalCommand =
  | DraftJournal
  | ApproveJournal
  | RejectJournal
  | WithdrawJournal
  | CompleteJournal
  | DeclineJournal
  | EraseJournalTexts;

/** The rules of a journal: written once, agreed on by a second person where it needs one, answered by its fund. */
export const journal: Decider<JournalState, JournalCommand, JournalEvent> = {
  initialState: noJournal,
  evolve: evolveJournal,
  decide(state, command) {
    switch (command.type) {
      case 'DraftJournal':
        return drafted(state, command);
      case 'ApproveJournal':
        return [approved(state, command)];
      case 'RejectJournal':
        return [rejected(state, command)];
      case 'WithdrawJournal':
        return [withdrawn(state, command)];
      case 'CompleteJournal':
        return [completed(state, command)];
      case 'DeclineJournal':
        return [declined(state, command)];
      case 'EraseJournalTexts':
        return textsErased(state, command);
    }
  },
};

function drafted(state: JournalState, command: DraftJournal): readonly JournalEvent[] {
  if (state.status !== 'none') throw new InvariantViolation('a journal is written once');
  const { by, enabledBy, textRecordId } = command;
  assertBalanced(command);
  const terms = termsOf(command);
  const author = { draftedBy: by, ...(enabledBy && { drafterEnabledBy: enabledBy }) };
  const draft: JournalEvent = { type: 'JournalDrafted', data: { ...terms, textRecordId, ...author } };
  if (needsSecondPerson(command)) return [draft];
  const ceilings = ceilingsFor(command);
  const alone = { ...terms, approvedBy: by, ...(ceilings.length > 0 && { ceilings }) };
  return [draft, { type: 'JournalApproved', data: alone }];
}

function assertBalanced({ postings }: JournalTerms): void {
  if (postings.length < 2) refuse('journal/lines-missing');
  const sums = new Map<string, bigint>();
  for (const { purpose, amount } of postings) {
    const { minor, currency } = money(amount);
    if (minor === 0n) refuse('journal/line-of-nothing');
    const key = `${purpose} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + minor);
  }
  const off = [...sums].find(([, sum]) => sum !== 0n);
  if (off) refuse('journal/not-balanced', { of: off[0], by: off[1].toString() });
}

function approved(state: JournalState, { by, enabledBy }: ApproveJournal): JournalEvent {
  const { draft } = assertDrafted(state);
  const { draftedBy, drafterEnabledBy } = draft;
  if (draftedBy === by) refuse('journal/same-person');
  if (!areIndependent(participant(draftedBy, drafterEnabledBy), participant(by, enabledBy)))
    refuse('journal/approver-made-by-maker');
  return { type: 'JournalApproved', data: { ...termsOf(draft), approvedBy: by } };
}

function rejected(state: JournalState, { by, reasonRecordId }: RejectJournal): JournalEvent {
  if (assertDrafted(state).draft.draftedBy === by) refuse('journal/same-person');
  return { type: 'JournalRejected', data: { rejectedBy: by, reasonRecordId } };
}

function withdrawn(state: JournalState, { by }: WithdrawJournal): JournalEvent {
  if (assertDrafted(state).draft.draftedBy !== by) refuse('journal/not-the-maker');
  return { type: 'JournalWithdrawn', data: { withdrawnBy: by } };
}

function completed(state: JournalState, { entryId }: CompleteJournal): JournalEvent {
  assertAwaiting(state);
  return { type: 'JournalCompleted', data: { entryId } };
}

function declined(state: JournalState, { code, shortBy }: DeclineJournal): JournalEvent {
  assertAwaiting(state);
  return { type: 'JournalDeclined', data: { code, ...(shortBy && { shortBy }) } };
}

/** Nothing where somebody else has said so meanwhile. */
function textsErased(
  state: JournalState,
  { erasures, by: erasedBy }: EraseJournalTexts,
): readonly JournalEvent[] {
  if (state.status === 'none') refuse('journal/unknown');
  if ((state.erasures ?? 0) !== erasures) return [];
  return [{ type: 'JournalTextsErased', data: { erasure: erasures + 1, erasedBy } }];
}

function assertDrafted(state: JournalState): WrittenJournal {
  if (state.status === 'none') refuse('journal/unknown');
  if (state.status !== 'drafted') refuse('journal/decided', { status: state.status });
  return state;
}

function assertAwaiting({ status }: JournalState): void {
  if (status !== 'approved') throw new InvariantViolation('the journal waits for no answer of its fund');
}

function termsOf({ fundId, kind, postings, reversesEntryId, effectiveOn }: JournalTerms): JournalTerms {
  const link = reversesEntryId === undefined ? {} : { reversesEntryId };
  return { fundId, kind, postings, ...link, effectiveOn };
}

function participant(staffId: string, enabledBy: readonly string[] | undefined): Participant {
  return { staffId, ...(enabledBy && { enabledBy }) };
}

function refuse(code: JournalRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
