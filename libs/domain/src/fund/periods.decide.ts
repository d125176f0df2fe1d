import type { LocalDate } from '#kernel/dates.js';
import { DomainRefusal } from '#kernel/refusal.js';
import { areIndependent, type Participant } from '#kernel/two-persons.js';
import type { OpenFund } from './fund.state.js';
import type { PeriodEvent } from './period.events.js';
import type { AskedReopening } from './periods.policy.js';

/** Why a period is not closed or opened again. */
export type PeriodRefusal =
  | 'fund/period-not-over'
  | 'fund/period-before-fund'
  | 'fund/period-closed-before'
  | 'fund/period-not-closed'
  | 'fund/reopening-pending'
  | 'fund/reopening-unknown'
  | 'fund/same-person'
  | 'fund/approver-made-by-maker'
  | 'fund/not-the-maker';

/** Closes the books up to and with a day. */
export interface ClosePeriod {
  readonly type: 'ClosePeriod';
  readonly through: LocalDate;
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

interface Person {
  readonly by: string;
  /** Staff through whose hands the access of `by` went. */
  readonly enabledBy?: readonly string[];
}

/** Asks to open the books again from a day on. */
export interface AskReopening extends Person {
  readonly type: 'AskReopening';
  readonly reopeningId: string;
  readonly from: LocalDate;
  readonly reasonRecordId: string;
}

/** A second person's yes. */
export interface ApproveReopening extends Person {
  readonly type: 'ApproveReopening';
  readonly reopeningId: string;
}

/** A second person's no. */
export interface RejectReopening {
  readonly type: 'RejectReopening';
  readonly reopeningId: string;
  readonly by: string;
  readonly reasonRecordId: string;
}

/** Taken back by the person who asked. */
export interface WithdrawReopening {
  readonly type: 'WithdrawReopening';
  readonly reopeningId: string;
  readonly by: string;
}

/** Says that the texts of a request that was once made are destroyed, after they were. */
export interface EraseReopeningTexts {
  readonly type: 'EraseReopeningTexts';
  readonly reopeningId: string;
  /** How often that was done before, as the destroyed key goes by. */
  readonly erasures: number;
  readonly by: string;
}

/** What can be asked about the periods of a fund. */
export type PeriodCommand =
  ClosePeriod | AskReopening | ApproveReopening | RejectReopening | WithdrawReopening | EraseReopeningTexts;

/** Decides what happens to the periods; throws `DomainRefusal` with a {@link PeriodRefusal}. */
export function decidePeriods(fund: OpenFund, command: PeriodCommand): readonly PeriodEvent[] {
  return command.type === 'EraseReopeningTexts' ? textsErased(fund, command) : [decided(fund, command)];
}

/** Nothing where somebody else has said so meanwhile. */
function textsErased({ textErasures = {} }: OpenFund, command: EraseReopeningTexts): readonly PeriodEvent[] {
  const { reopeningId, erasures, by: erasedBy } = command;
  if ((textErasures[reopeningId] ?? 0) !== erasures) return [];
  return [{ type: 'ReopeningTextsErased', data: { reopeningId, erasure: erasures + 1, erasedBy } }];
}

function decided(fund: OpenFund, command: Exclude<PeriodCommand, EraseReopeningTexts>): PeriodEvent {
  switch (command.type) {
    case 'ClosePeriod':
      return closed(fund, command);
    case 'AskReopening':
      return asked(fund, command);
    case 'ApproveReopening':
      return approved(fund, command);
    case 'RejectReopening':
      return rejected(fund, command);
    case 'WithdrawReopening':
      return withdrawn(fund, command);
  }
}

function closed({ about, closedThrough }: OpenFund, { through, today }: ClosePeriod): PeriodEvent {
  if (through >= today) refuse('fund/period-not-over', { today });
  if (through < about.openedOn) refuse('fund/period-before-fund', { openedOn: about.openedOn });
  if (closedThrough && through <= closedThrough) refuse('fund/period-closed-before', { closedThrough });
  return { type: 'PeriodClosed', data: { through } };
}

function asked({ closedThrough, reopening }: OpenFund, command: AskReopening): PeriodEvent {
  const { reopeningId, from, by, enabledBy, reasonRecordId } = command;
  if (reopening) refuse('fund/reopening-pending');
  if (!closedThrough || from > closedThrough) refuse('fund/period-not-closed');
  const requester = { requestedBy: by, ...(enabledBy && { requesterEnabledBy: enabledBy }) };
  return { type: 'ReopeningAsked', data: { reopeningId, from, ...requester, reasonRecordId } };
}

function approved(fund: OpenFund, command: ApproveReopening): PeriodEvent {
  const { reopeningId, by, enabledBy } = command;
  const { from, requestedBy, requesterEnabledBy } = askedBefore(fund, command);
  if (requestedBy === by) refuse('fund/same-person');
  if (!areIndependent(participant(requestedBy, requesterEnabledBy), participant(by, enabledBy)))
    refuse('fund/approver-made-by-maker');
  return { type: 'PeriodReopened', data: { reopeningId, from, approvedBy: by } };
}

function rejected(fund: OpenFund, command: RejectReopening): PeriodEvent {
  const { reopeningId, by, reasonRecordId } = command;
  if (askedBefore(fund, command).requestedBy === by) refuse('fund/same-person');
  return { type: 'ReopeningRejected', data: { reopeningId, rejectedBy: by, reasonRecordId } };
}

function withdrawn(fund: OpenFund, command: WithdrawReopening): PeriodEvent {
  const { reopeningId, by } = command;
  if (askedBefore(fund, command).requestedBy !== by) refuse('fund/not-the-maker');
  return { type: 'ReopeningWithdrawn', data: { reopeningId, withdrawnBy: by } };
}

function askedBefore(
  { reopening }: OpenFund,
  { reopeningId }: { readonly reopeningId: string },
): AskedReopening {
  if (reopening?.reopeningId !== reopeningId) refuse('fund/reopening-unknown');
  return reopening;
}

function participant(staffId: string, enabledBy: readonly string[] | undefined): Participant {
  return { staffId, ...(enabledBy && { enabledBy }) };
}

function refuse(code: PeriodRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
