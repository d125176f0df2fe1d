import type { Decider } from '#kernel/decider.js';
import { money, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { BankItem, BankItemEvent, Classification } from './bank-item.events.js';
import { evolveBankItem, noBankItem, type BankItemState, type ClassifiedItem } from './bank-item.state.js';
import { assertFits, ceilingFor, needsSecondPerson, type FittingRefusal } from './classification.policy.js';
import { textsErased, type EraseItemTexts } from './item-erasure.decide.js';
import {
  approved,
  rejected,
  type ApproveClassification,
  type ProposalRefusal,
  type RejectClassification,
  type WithdrawClassification,
} from './proposal.decide.js';

/** Why a bank item is not classified, or its classification not decided or undone. */
export type BankItemRefusal =
  | FittingRefusal
  | ProposalRefusal
  | 'bank-item/unknown'
  | 'bank-item/pending'
  | 'bank-item/classified'
  | 'bank-item/classification-unknown'
  | 'bank-item/classification-decided'
  | 'bank-item/void-the-donation';

/** The importer's message that a statement has it; nothing to do where it is known. */
export interface RecordBankItem extends BankItem {
  readonly type: 'RecordBankItem';
  readonly memoRecordId?: string;
}

/** Says what it was, or proposes it where a second person is needed. */
export interface ClassifyBankItem {
  readonly type: 'ClassifyBankItem';
  readonly classificationId: string;
  readonly classification: Classification;
  readonly by: string;
  /** Staff through whose hands the access of `by` went. */
  readonly enabledBy?: readonly string[];
  readonly noteRecordId?: string;
}

interface Named {
  readonly classificationId: string;
}

/** Says that it was something else than what is posted. */
export interface UndoClassification extends Named {
  readonly type: 'UndoClassification';
  readonly by: string;
  readonly reasonRecordId: string;
}

/** The ledger's message that it has posted the classification, or reversed it. */
export interface SettleClassification extends Named {
  readonly type: 'SettleClassification';
  readonly of: 'classification' | 'undoing';
  readonly entryId: string;
}

/** The ledger's message that it refused to. */
export interface DeclineClassification extends Named {
  readonly type: 'DeclineClassification';
  readonly of: 'classification' | 'undoing';
  readonly code: string;
  readonly shortBy?: MoneyJson;
}

/** The ledger's message that the donation that it was is voided. */
export interface ReleaseBankItem extends Named {
  readonly type: 'ReleaseBankItem';
  readonly entryId: string;
}

/** Everything that can be asked of a bank item; the first comes from the importer, the last three from the ledger. */
export type BankItemCommand =
  | RecordBankItem
  | ClassifyBankItem
  | ApproveClassification
  | RejectClassification
  | WithdrawClassification
  | UndoClassification
  | SettleClassification
  | DeclineClassification
  | ReleaseBankItem
  | EraseItemTexts;

/** The rules of a bank item: one thing said of it at a time, and all of it can be undone. */
export const bankItem: Decider<BankItemState, BankItemCommand, BankItemEvent> = {
  initialState: noBankItem,
  evolve: evolveBankItem,
  decide: (state, command) => {
    if (command.type === 'RecordBankItem') return state.status === 'none' ? [recorded(command)] : [];
    if (command.type === 'EraseItemTexts') return textsErased(state, command);
    return isSettledDonation(state, command) ? [] : [decideRecorded(state, command)];
  },
};

/** The ledger may answer an item that was a donation twice: for the item, and by posting the donation. */
function isSettledDonation(state: BankItemState, command: BankItemCommand): boolean {
  if (command.type !== 'SettleClassification' || state.status !== 'posted') return false;
  const { classificationId, classification } = state.said;
  return classification.as === 'donation' && classificationId === command.classificationId;
}

function decideRecorded(
  state: BankItemState,
  command: Exclude<BankItemCommand, RecordBankItem | EraseItemTexts>,
): BankItemEvent {
  switch (command.type) {
    case 'ClassifyBankItem':
      return saidOf(assertOpen(state), command);
    case 'ApproveClassification':
      return approved(assertProposed(state, command), command);
    case 'WithdrawClassification':
    case 'RejectClassification':
      return rejected(assertProposed(state, command), command);
    case 'UndoClassification':
      return undone(assertPosted(state, command), command);
    case 'SettleClassification':
      return settled(state, command);
    case 'DeclineClassification':
      return declined(state, command);
    case 'ReleaseBankItem': {
      const { classificationId, entryId } = command;
      const { said } = assertWaiting(state, command, 'posted');
      if (said.classification.as !== 'donation') throw new InvariantViolation('released what is no donation');
      return { type: 'BankItemReleased', data: { classificationId, entryId } };
    }
  }
}

function recorded({ type: _type, ...data }: RecordBankItem): BankItemEvent {
  const { minor } = money(data.amount);
  if (minor === 0n || (data.kind === 'debit' && minor > 0n))
    throw new InvariantViolation(`${data.kind} of ${minor.toString()}`);
  return { type: 'BankItemRecorded', data };
}

function saidOf(item: BankItem, command: ClassifyBankItem): BankItemEvent {
  const { classificationId, classification, by } = command;
  assertFits(item, classification);
  const note = command.noteRecordId === undefined ? {} : { noteRecordId: command.noteRecordId };
  const said = { classificationId, classification, ...note };
  const enabled = command.enabledBy === undefined ? {} : { proposerEnabledBy: command.enabledBy };
  if (needsSecondPerson(item, classification))
    return { type: 'ClassificationProposed', data: { ...said, proposedBy: by, ...enabled } };
  const ceiling = ceilingFor(item, classification);
  const data = { ...said, item, classifiedBy: by, ...(ceiling && { ceiling }) };
  return { type: 'BankItemClassified', data };
}

function undone({ item, said }: ClassifiedItem, command: UndoClassification): BankItemEvent {
  const { classificationId, classification } = said;
  if (classification.as === 'donation')
    refuse('bank-item/void-the-donation', { donationId: classificationId });
  const { by: undoneBy, reasonRecordId } = command;
  const data = { classificationId, item, classification, undoneBy, reasonRecordId };
  return { type: 'ClassificationUndone', data };
}

function settled(state: BankItemState, command: SettleClassification): BankItemEvent {
  const { classificationId, entryId, of } = command;
  assertWaiting(state, command, of === 'classification' ? 'asked' : 'undoing');
  const type = of === 'classification' ? 'ClassificationPosted' : 'ClassificationReversed';
  return { type, data: { classificationId, entryId } };
}

function declined(state: BankItemState, command: DeclineClassification): BankItemEvent {
  const { classificationId, code, shortBy, of } = command;
  assertWaiting(state, command, of === 'classification' ? 'asked' : 'undoing');
  const type = of === 'classification' ? 'ClassificationDeclined' : 'ClassificationReversalDeclined';
  return { type, data: { classificationId, code, ...(shortBy === undefined ? {} : { shortBy }) } };
}

function assertOpen(state: BankItemState): BankItem {
  if (state.status === 'none') refuse('bank-item/unknown');
  if (state.status === 'posted') refuse('bank-item/classified');
  if (state.status !== 'open') refuse('bank-item/pending');
  return state.item;
}

function assertProposed(state: BankItemState, named: Named): ClassifiedItem {
  const item = assertSaid(state, named);
  if (item.status !== 'proposed') refuse('bank-item/classification-decided');
  return item;
}

function assertPosted(state: BankItemState, named: Named): ClassifiedItem {
  const item = assertSaid(state, named);
  if (item.status !== 'posted') refuse('bank-item/pending');
  return item;
}

/** The item, where this is what is said of it now. */
function assertSaid(state: BankItemState, { classificationId }: Named): ClassifiedItem {
  if (state.status === 'none') refuse('bank-item/unknown');
  if (state.status !== 'open' && state.said.classificationId === classificationId) return state;
  const past = state.settled.some((ended) => ended.classificationId === classificationId);
  refuse(past ? 'bank-item/classification-decided' : 'bank-item/classification-unknown');
}

function assertWaiting(
  state: BankItemState,
  { classificationId }: Named,
  status: ClassifiedItem['status'],
): ClassifiedItem {
  if (state.status === 'none' || state.status === 'open' || state.status !== status)
    throw new InvariantViolation(`the item waits for no answer on ${classificationId}`);
  if (state.said.classificationId !== classificationId)
    throw new InvariantViolation(`the item waits for another answer than on ${classificationId}`);
  return state;
}

function refuse(code: BankItemRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
