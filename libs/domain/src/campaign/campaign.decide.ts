import type { LocalDate } from '#kernel/dates.js';
import type { Decider } from '#kernel/decider.js';
import { isMinorAmount, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Bilingual, CampaignEvent, Document } from './campaign.events.js';
import { evolveCampaign, noCampaign, type CampaignState, type OpenedCampaign } from './campaign.state.js';

/** Why a campaign is not opened, extended or closed. */
export type CampaignRefusal =
  | 'campaign/unknown'
  | 'campaign/code-taken'
  | 'campaign/appeal-missing'
  | 'campaign/appeal-in-future'
  | 'campaign/committee-decision-missing'
  | 'campaign/decision-in-future'
  | 'campaign/receiving-account-missing'
  | 'campaign/window-missing'
  | 'campaign/window-reversed'
  | 'campaign/window-before-appeal'
  | 'campaign/purpose-missing'
  | 'campaign/purpose-unknown'
  | 'campaign/purpose-closed'
  | 'campaign/target-not-positive'
  | 'campaign/closed'
  | 'campaign/not-later';

/** What the ledger says of a purpose of the fund. */
export interface CampaignPurpose {
  readonly purpose: string;
  /** `closed` takes no donations. */
  readonly status: 'open' | 'closed' | 'unknown';
}

/** Opens an appeal. Whatever of its papers is absent is refused by its own code. */
export interface OpenCampaign {
  readonly type: 'OpenCampaign';
  /** Made from fund and code, so that one code never gets two campaigns. */
  readonly campaignId: string;
  readonly fundId: string;
  readonly code: string;
  readonly name: Bilingual;
  readonly appeal?: Document;
  readonly committeeDecision?: Document;
  readonly receivingAccount?: string;
  readonly opensOn?: LocalDate;
  readonly closesOn?: LocalDate;
  /** A purpose that the fund has; one of its own, under the campaign's id, when absent. */
  readonly purpose?: CampaignPurpose;
  /** The purpose of the fund that has the campaign's code already; absent where none has. */
  readonly purposeOfCode?: string;
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
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
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
      if (state.status !== 'none') refuse('campaign/code-taken', { code: command.code });
      return [opened(command)];
    case 'ExtendCampaign':
      return [extended(assertOpen(state), command)];
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
  const papers = papersOf(command);
  const data = {
    ...{ campaignId, fundId, code, name },
    ...papers,
    ...windowOf(command, papers.appeal),
    ...purposeOf(command),
    ...(target === undefined ? {} : { target: positive(target) }),
  };
  return { type: 'CampaignOpened', data };
}

function papersOf({ appeal, committeeDecision, receivingAccount, today }: OpenCampaign) {
  if (!appeal || isBlank(appeal)) refuse('campaign/appeal-missing');
  if (appeal.date > today) refuse('campaign/appeal-in-future', { today });
  const decision = assertDecision(committeeDecision, today);
  if (!receivingAccount) refuse('campaign/receiving-account-missing');
  return { appeal, committeeDecision: decision, receivingAccount };
}

/** The window may begin before the letter is dated, but must not be over by then. */
function windowOf({ opensOn, closesOn }: OpenCampaign, appeal: Document) {
  if (!opensOn || !closesOn) refuse('campaign/window-missing');
  if (closesOn < opensOn) refuse('campaign/window-reversed');
  if (closesOn < appeal.date) refuse('campaign/window-before-appeal', { appealDate: appeal.date });
  return { opensOn, closesOn };
}

function purposeOf({ purpose, purposeOfCode, purposeStatement, campaignId, code }: OpenCampaign) {
  if (!purposeStatement?.vi.trim() || !purposeStatement.en.trim()) refuse('campaign/purpose-missing');
  if (purpose) {
    if (purpose.status !== 'open') refuse(`campaign/purpose-${purpose.status}`);
    return { purpose: purpose.purpose, purposeStatement };
  }
  // A purpose of its own is opened under the campaign's code.
  if (purposeOfCode !== undefined && purposeOfCode !== campaignId) refuse('campaign/code-taken', { code });
  return { purpose: campaignId, purposeStatement };
}

function positive(target: MoneyJson): MoneyJson {
  if (!isMinorAmount(target.amount) || BigInt(target.amount) <= 0n) refuse('campaign/target-not-positive');
  return target;
}

/** A window that is over is not opened again backwards, were its closing not recorded yet. */
function extended(state: OpenedCampaign, { closesOn, decision, today }: ExtendCampaign): CampaignEvent {
  if (today > state.closesOn) refuse('campaign/closed');
  if (closesOn <= state.closesOn) refuse('campaign/not-later', { closesOn: state.closesOn });
  return { type: 'CampaignExtended', data: { closesOn, decision: assertDecision(decision, today) } };
}

function assertDecision(decision: Document | undefined, today: LocalDate): Document {
  if (!decision || isBlank(decision)) refuse('campaign/committee-decision-missing');
  if (decision.date > today) refuse('campaign/decision-in-future', { today });
  return decision;
}

function assertOpen(state: CampaignState): OpenedCampaign {
  if (state.status === 'none') refuse('campaign/unknown');
  if (state.status === 'closed') refuse('campaign/closed');
  return state;
}

function isBlank(document: Document): boolean {
  return document.number.trim() === '';
}

function refuse(code: CampaignRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
