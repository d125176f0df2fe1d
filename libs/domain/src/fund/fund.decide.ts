import type { Decider } from '#kernel/decider.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import { held } from './balances.policy.js';
import { postBankItem, postStatement, type PostBankItem, type PostStatement } from './bank-items.decide.js';
import {
  classifyBankItem,
  undoClassification,
  type ClassifyBankItem,
  type UndoClassification,
} from './classification.decide.js';
import { postRefund, postVoid, type PostRefund, type PostVoid } from './corrections.decide.js';
import { postDonation, type PostDonation } from './donations.decide.js';
import { openFund, type FoundingRefusal, type NewPurpose, type OpenFundCommand } from './founding.decide.js';
import type { FundEvent } from './fund.events.js';
import { evolve, noFund, type FundState, type OpenFund } from './fund.state.js';
import { countCash, type CashCountRefusal, type CountCash } from './cash-count.decide.js';
import { postJournal, type PostJournal } from './journals.decide.js';
import { decidePeriods, type PeriodCommand, type PeriodRefusal } from './periods.decide.js';
import { reassignDonation, type ReassignDonation } from './reassignment.decide.js';
import { suspense, unrestricted } from './postings.policy.js';

/** Why a person's command to a fund is refused. */
export type FundRefusal =
  | FoundingRefusal
  | PeriodRefusal
  | CashCountRefusal
  | 'fund/unknown'
  | 'fund/purpose-unknown'
  | 'fund/purpose-closed'
  | 'fund/purpose-permanent';

/** Opens a purpose that money may be restricted to. */
export type OpenPurpose = NewPurpose & { readonly type: 'OpenPurpose' };

/** Stops a purpose from taking more donations; what it holds stays. */
export interface ClosePurpose {
  readonly type: 'ClosePurpose';
  readonly purpose: string;
}

/**
 * Opens the purpose of a campaign, unless the fund has it; from a message. Where another purpose has the code, a number is
 * put behind it: the campaign is open already, and its money needs a place of its own.
 */
export type AdmitCampaign = NewPurpose & { readonly type: 'AdmitCampaign'; readonly campaignId: string };

/** Everything that a fund can be asked. */
export type FundCommand =
  | OpenFundCommand
  | OpenPurpose
  | ClosePurpose
  | AdmitCampaign
  | PostDonation
  | PostRefund
  | PostVoid
  | PostStatement
  | PostBankItem
  | ClassifyBankItem
  | UndoClassification
  | ReassignDonation
  | PostJournal
  | PeriodCommand
  | CountCash;

/**
 * The rules of a fund's books. Money that has arrived is never refused; what a fund that is not open is told by
 * message throws `InvariantViolation`, so that it is parked until the fund is there.
 */
export const fund: Decider<FundState, FundCommand, FundEvent> = {
  initialState: noFund,
  evolve,
  decide(state, command) {
    switch (command.type) {
      case 'OpenFund':
        return openFund(state, command);
      case 'OpenPurpose':
        return [openPurpose(openOrRefuse(state), command)];
      case 'ClosePurpose':
        return [closePurpose(openOrRefuse(state), command)];
      case 'AdmitCampaign':
        return admitCampaign(openOrPark(state, command), command);
      case 'PostDonation':
        return postDonation(openOrPark(state, command), command);
      case 'PostRefund':
        return [postRefund(openOrPark(state, command), command)];
      case 'PostVoid':
        return [postVoid(openOrPark(state, command), command)];
      case 'PostStatement':
        return postStatement(openOrPark(state, command), command);
      case 'PostBankItem':
        return postBankItem(openOrPark(state, command), command);
      case 'ClassifyBankItem':
        return [classifyBankItem(openOrPark(state, command), command)];
      case 'UndoClassification':
        return [undoClassification(openOrPark(state, command), command)];
      case 'ReassignDonation':
        return [reassignDonation(openOrPark(state, command), command)];
      case 'PostJournal':
        return postJournal(openOrPark(state, command), command);
      case 'CountCash':
        return [countCash(openOrRefuse(state), command)];
      case 'ClosePeriod':
      case 'AskReopening':
      case 'ApproveReopening':
      case 'RejectReopening':
      case 'WithdrawReopening':
      case 'EraseReopeningTexts':
        return decidePeriods(openOrRefuse(state), command);
    }
  },
};

function openPurpose(state: OpenFund, { purpose, code, name }: OpenPurpose): FundEvent {
  const taken = held(state.purposes, purpose) ?? Object.values(state.purposes).find((p) => p.code === code);
  if (taken) refuse('fund/purpose-code-taken');
  return { type: 'PurposeOpened', data: { purpose, code, name } };
}

function closePurpose(state: OpenFund, { purpose }: ClosePurpose): FundEvent {
  if (purpose === unrestricted || purpose === suspense) refuse('fund/purpose-permanent');
  const standing = held(state.purposes, purpose);
  if (!standing) refuse('fund/purpose-unknown');
  if (!standing.open) refuse('fund/purpose-closed');
  return { type: 'PurposeClosed', data: { purpose } };
}

function admitCampaign(state: OpenFund, command: AdmitCampaign): readonly FundEvent[] {
  const { purpose, code, name, campaignId } = command;
  const known = purpose === unrestricted || purpose === suspense || held(state.purposes, purpose);
  if (known) return [];
  return [{ type: 'PurposeOpened', data: { purpose, code: freeCode(state, code), name, campaignId } }];
}

function freeCode({ purposes }: OpenFund, code: string): string {
  const taken = new Set(Object.values(purposes).map((purpose) => purpose.code));
  let free = code;
  for (let number = 2; taken.has(free); number += 1) free = `${code}-${String(number)}`;
  return free;
}

function openOrRefuse(state: FundState): OpenFund {
  if (state.status === 'none') refuse('fund/unknown');
  return state;
}

function openOrPark(state: FundState, command: FundCommand): OpenFund {
  if (state.status === 'none') throw new InvariantViolation(`${command.type} for a fund that is not open`);
  return state;
}

function refuse(code: FundRefusal): never {
  throw new DomainRefusal(code);
}
