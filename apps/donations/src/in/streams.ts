import { bankItem, type BankItemCommand } from '#domain/bank-item/bank-item.decide.js';
import type { BankItemEvent } from '#domain/bank-item/bank-item.events.js';
import type { BankItemState } from '#domain/bank-item/bank-item.state.js';
import { campaign, type CampaignCommand } from '#domain/campaign/campaign.decide.js';
import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import type { CampaignState } from '#domain/campaign/campaign.state.js';
import { campaignKey, type AskCampaign } from '#domain/campaign/campaign-key.decide.js';
import type { CampaignAsked } from '#domain/campaign/campaign-key.events.js';
import type { CampaignKeyState } from '#domain/campaign/campaign-key.state.js';
import { donation, type DonationCommand } from '#domain/donation/donation.decide.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { DonationState } from '#domain/donation/donation.state.js';
import { donor, type DonorCommand } from '#domain/donor/donor.decide.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { DonorState } from '#domain/donor/donor.state.js';
import { pledge, type PledgeCommand } from '#domain/pledge/pledge.decide.js';
import type { PledgeEvent } from '#domain/pledge/pledge.events.js';
import type { PledgeState } from '#domain/pledge/pledge.state.js';
import { statement, type StatementCommand } from '#domain/statement/statement.decide.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import type { StatementState } from '#domain/statement/statement.state.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type Handler } from '#event-store/handle.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';

/** Injection token of {@link Streams}. */
export const STREAMS = Symbol('Streams');

/** The way to each kind of aggregate that this service decides. */
export interface Streams {
  readonly donations: Handler<DonationState, DonationCommand, DonationEvent>;
  readonly donors: Handler<DonorState, DonorCommand, DonorEvent>;
  readonly campaigns: Handler<CampaignState, CampaignCommand, CampaignEvent>;
  readonly campaignKeys: Handler<CampaignKeyState, AskCampaign, CampaignAsked>;
  readonly pledges: Handler<PledgeState, PledgeCommand, PledgeEvent>;
  readonly statements: Handler<StatementState, StatementCommand, StatementEvent>;
  readonly bankItems: Handler<BankItemState, BankItemCommand, BankItemEvent>;
}

/** Handlers over one store, each with a cache of its own. */
export function streamsOf(store: EventStore): Streams {
  const options = handlingAs('donations');
  return {
    donations: handle(store, donation, options),
    donors: handle(store, donor, options),
    campaigns: handle(store, campaign, options),
    campaignKeys: handle(store, campaignKey, options),
    pledges: handle(store, pledge, options),
    statements: handle(store, statement, options),
    bankItems: handle(store, bankItem, options),
  };
}
