import { DomainRefusal } from '#kernel/refusal.js';
import { areIndependent, type Participant } from '#kernel/two-persons.js';
import type { BankItemEvent } from './bank-item.events.js';
import type { ClassifiedItem } from './bank-item.state.js';

/** Why what is proposed of a bank item is not agreed to, or not taken back. */
export type ProposalRefusal =
  'bank-item/same-person' | 'bank-item/not-proposer' | 'bank-item/approver-made-by-maker';

interface OfPerson {
  readonly classificationId: string;
  readonly by: string;
}

/** A second person's yes; the ledger is asked next. */
export interface ApproveClassification extends OfPerson {
  readonly type: 'ApproveClassification';
  /** Staff through whose hands the access of `by` went. */
  readonly enabledBy?: readonly string[];
}

/** A second person's no. */
export interface RejectClassification extends OfPerson {
  readonly type: 'RejectClassification';
  readonly reasonRecordId: string;
}

/** Taken back by who proposed it, before anybody agreed. */
export interface WithdrawClassification extends OfPerson {
  readonly type: 'WithdrawClassification';
  readonly reasonRecordId: string;
}

/** Decides BankItemClassified; refuses whoever proposed it, and whoever is not independent of that person. */
export function approved({ item, said }: ClassifiedItem, command: ApproveClassification): BankItemEvent {
  const { by: classifiedBy, enabledBy, ...rest } = said;
  const { by: approvedBy } = command;
  if (classifiedBy === approvedBy) refuse('bank-item/same-person');
  if (!areIndependent(participant(classifiedBy, enabledBy), participant(approvedBy, command.enabledBy)))
    refuse('bank-item/approver-made-by-maker');
  return { type: 'BankItemClassified', data: { ...rest, item, classifiedBy, approvedBy } };
}

/** Decides ClassificationRejected; only who proposed it takes it back. */
export function rejected(
  { said }: ClassifiedItem,
  command: RejectClassification | WithdrawClassification,
): BankItemEvent {
  const { type, classificationId, by: rejectedBy, reasonRecordId } = command;
  if (type === 'WithdrawClassification' && said.by !== rejectedBy) refuse('bank-item/not-proposer');
  return { type: 'ClassificationRejected', data: { classificationId, rejectedBy, reasonRecordId } };
}

function participant(staffId: string, enabledBy: readonly string[] | undefined): Participant {
  return { staffId, ...(enabledBy && { enabledBy }) };
}

function refuse(code: ProposalRefusal): never {
  throw new DomainRefusal(code);
}
