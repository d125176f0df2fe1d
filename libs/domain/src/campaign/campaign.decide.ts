import type { LocalDate } from '#kernel/dates.js';
import type { Decider } from '#kernel/decider.js';
import type { MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { Bilingual, CampaignEvent, Document } from './campaign.events.js';
import { evolveCampaign, noCampaign, type CampaignState, type OpenedCampaign } from './campaign.state.js';

/** Why a campaign is not opened, extended or closed. */
export type CampaignRefusal =
  | 'campaign/unknown'
  | 'campaign/appeal-missing'
  | 'campaign/appeal-in-future'
  | 'campaign/committee-decision-missing'
  | 'campaign/receiving-account-missing'
  | 'campaign/window-missing'
  | 'campaign/window-reversed'
  | 'campaign/purpose-missing'
  | 'campaign/closed'
  | 'campaign/not-later';

/** Opens an appeal. Whatever of its papers is absent is refused by its own code. */
export interface OpenCampaign {
  readonly type: 'OpenCampaign';
  readonly campaignId: string;
  readonly fundId: string;
  readonly code: string;
  readonly name: Bilingual;
  readonly appeal?: Document;
  readonly committeeDecision?: Document;
  readonly receivingAccount?: string;
  readonly opensOn?: LocalDate;
  readonly closesOn?: LocalDate;
  /** Id of a purpose that exists; the campaign's own id when absent. */
  readonly purpose?: string;
  readonly purposeStatement?: Bilingual;
  readonly target?: MoneyJson;
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

/** Lets a window that is still open end later. */
export interface ExtendCampaign {
  readonly type: 'ExtendCampaign';
  readonly closesOn: LocalDate;
  readonly decision: Document;
}

/** Ends it today, before its window does. */
export interface CloseCampaign {
  readonly type: 'CloseCampaign';
  readonly today: LocalDate;
}

/** The due date of a window: nothing to do where the window was moved or the campaign is closed. */
export interface CloseAfterWindow {
  readonly type: 'CloseAfterWindow';
  /** The last day that the due date was set for. */
  readonly closesOn: LocalDate;
}

/** Everything that can be asked of a campaign; the last comes from a due date. */
export type CampaignCommand = OpenCampaign | ExtendCampaign | CloseCampaign | CloseAfterWindow;

/** The rules of a campaign: no appeal without its papers, nothing received after its window. */
export const campaign: Decider<CampaignState, CampaignCommand, CampaignEvent> = {
  initialState: noCampaign,
  evolve: evolveCampaign,
  decide: decideCampaign,
};

function decideCampaign(state: CampaignState, command: CampaignCommand): readonly CampaignEvent[] {
  switch (command.type) {
    case 'OpenCampaign':
      if (state.status !== 'none') throw new InvariantViolation('a campaign is opened once');
      return [opened(command)];
    case 'ExtendCampaign': {
      const { closesOn, decision } = command;
      if (closesOn <= assertOpen(state).closesOn) refuse('campaign/not-later');
      if (isBlank(decision)) refuse('campaign/committee-decision-missing');
      return [{ type: 'CampaignExtended', data: { closesOn, decision } }];
    }
    case 'CloseCampaign':
      assertOpen(state);
      return [{ type: 'CampaignClosed', data: { lastDay: command.today, by: 'person' } }];
    case 'CloseAfterWindow':
      if (state.status !== 'open' || state.closesOn !== command.closesOn) return [];
      return [{ type: 'CampaignClosed', data: { lastDay: state.closesOn, by: 'window' } }];
  }
}

function opened(command: OpenCampaign): CampaignEvent {
  const { campaignId, fundId, code, name, target } = command;
  const data = {
    ...{ campaignId, fundId, code, name },
    ...papersOf(command),
    ...windowOf(command),
    ...purposeOf(command),
    ...(target === undefined ? {} : { target }),
  };
  return { type: 'CampaignOpened', data };
}

function papersOf({ appeal, committeeDecision, receivingAccount, today }: OpenCampaign) {
  if (!appeal || isBlank(appeal)) refuse('campaign/appeal-missing');
  if (appeal.date > today) refuse('campaign/appeal-in-future');
  if (!committeeDecision || isBlank(committeeDecision)) refuse('campaign/committee-decision-missing');
  if (!receivingAccount) refuse('campaign/receiving-account-missing');
  return { appeal, committeeDecision, receivingAccount };
}

function windowOf({ opensOn, closesOn }: OpenCampaign) {
  if (!opensOn || !closesOn) refuse('campaign/window-missing');
  if (closesOn < opensOn) refuse('campaign/window-reversed');
  return { opensOn, closesOn };
}

function purposeOf({ purpose, purposeStatement, campaignId }: OpenCampaign) {
  if (!purposeStatement?.vi.trim() || !purposeStatement.en.trim()) refuse('campaign/purpose-missing');
  return { purpose: purpose ?? campaignId, purposeStatement };
}

function assertOpen(state: CampaignState): OpenedCampaign {
  if (state.status === 'none') refuse('campaign/unknown');
  if (state.status === 'closed') refuse('campaign/closed');
  return state;
}

function isBlank(document: Document): boolean {
  return document.number.trim() === '';
}

function refuse(code: CampaignRefusal): never {
  throw new DomainRefusal(code);
}
