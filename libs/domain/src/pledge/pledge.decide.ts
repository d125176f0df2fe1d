import type { LocalDate } from '#kernel/dates.js';
import type { Decider } from '#kernel/decider.js';
import { isMinorAmount, moneyJson, type MoneyJson } from '#kernel/money.js';
import { DomainRefusal, InvariantViolation } from '#kernel/refusal.js';
import type { PledgeEvent } from './pledge.events.js';
import { evolvePledge, noPledge, type MadePledge, type PledgeState } from './pledge.state.js';

/** Why a pledge is not made or withdrawn. */
export type PledgeRefusal =
  | 'pledge/unknown'
  | 'pledge/amount-not-positive'
  | 'pledge/campaign-closed'
  | 'pledge/due-in-past'
  | 'pledge/due-before-campaign'
  | 'pledge/due-after-campaign'
  | 'pledge/fulfilled'
  | 'pledge/withdrawn';

/** What the campaign's stream says of it; it receives from `opensOn` to `closesOn`, both included. */
export interface PledgedCampaign {
  readonly campaignId: string;
  readonly status: 'open' | 'closed';
  readonly opensOn: LocalDate;
  readonly closesOn: LocalDate;
}

/** Promises a sum to a campaign by a day; who looks up campaign and donor refuses what does not exist. */
export interface MakePledge {
  readonly type: 'MakePledge';
  readonly pledgeId: string;
  readonly fundId: string;
  readonly campaign: PledgedCampaign;
  readonly donorId: string;
  readonly amount: MoneyJson;
  readonly dueOn: LocalDate;
  /** Today's date in the fund's zone. */
  readonly today: LocalDate;
}

/** Takes the promise back; what was given for it stays given. */
export interface WithdrawPledge {
  readonly type: 'WithdrawPledge';
  readonly reasonRecordId: string;
}

/** The ledger's message that a donation under the pledge is posted. */
export interface CountDonation {
  readonly type: 'CountDonation';
  readonly donationId: string;
  readonly amount: MoneyJson;
}

/** The ledger's message that such a donation was paid back (in part: `amount`), reversed, or moved elsewhere (whole). */
export interface UndoDonation {
  readonly type: 'UndoDonation';
  readonly donationId: string;
  readonly by: 'refund' | 'void' | 'match';
  /** All that still counts of the donation when absent. */
  readonly amount?: MoneyJson;
}

/** Everything that can be asked of a pledge; the last two come from the ledger by message. */
export type PledgeCommand = MakePledge | WithdrawPledge | CountDonation | UndoDonation;

/** The rules of a pledge: a promise that donations fulfil bit by bit. */
export const pledge: Decider<PledgeState, PledgeCommand, PledgeEvent> = {
  initialState: noPledge,
  evolve: evolvePledge,
  decide: decidePledge,
};

function decidePledge(state: PledgeState, command: PledgeCommand): readonly PledgeEvent[] {
  switch (command.type) {
    case 'MakePledge':
      if (state.status !== 'none') throw new InvariantViolation('a pledge is made once');
      return [made(command)];
    case 'WithdrawPledge':
      if (state.status === 'none') refuse('pledge/unknown');
      if (state.status !== 'open') refuse(`pledge/${state.status}`);
      return [{ type: 'PledgeWithdrawn', data: { reasonRecordId: command.reasonRecordId } }];
    case 'CountDonation': {
      assertMade(state, command.donationId);
      const { donationId, amount } = command;
      return [{ type: 'PledgePaid', data: { donationId, amount } }];
    }
    case 'UndoDonation':
      return undone(assertMade(state, command.donationId), command);
  }
}

function made(command: MakePledge): PledgeEvent {
  const { pledgeId, fundId, campaign, donorId, amount, dueOn } = command;
  if (!isMinorAmount(amount.amount) || BigInt(amount.amount) <= 0n) refuse('pledge/amount-not-positive');
  assertReceivable(command);
  const data = { pledgeId, fundId, campaignId: campaign.campaignId, donorId, amount, dueOn };
  return { type: 'PledgeMade', data };
}

/** Somebody must be able to give by the day promised: what nobody can give is no promise. */
function assertReceivable({ campaign, dueOn, today }: MakePledge): void {
  const { opensOn, closesOn } = campaign;
  if (campaign.status === 'closed' || today > closesOn) refuse('pledge/campaign-closed');
  if (dueOn < today) refuse('pledge/due-in-past', { today });
  if (dueOn < opensOn) refuse('pledge/due-before-campaign', { opensOn });
  if (dueOn > closesOn) refuse('pledge/due-after-campaign', { closesOn });
}

function undone(state: MadePledge, { donationId, by, amount }: UndoDonation): readonly PledgeEvent[] {
  const counts = state.paidBy[donationId];
  if (!counts) throw new InvariantViolation(`donation ${donationId} never counted towards the pledge`);
  if (amount === undefined && counts.minor === 0n) return [];
  const data = { donationId, amount: amount ?? moneyJson(counts), by };
  return [{ type: 'PledgePaymentUndone', data }];
}

function assertMade(state: PledgeState, donationId: string): MadePledge {
  if (state.status === 'none') throw new InvariantViolation(`donation ${donationId} for no pledge`);
  return state;
}

function refuse(code: PledgeRefusal, details: Readonly<Record<string, string>> = {}): never {
  throw new DomainRefusal(code, details);
}
