import type { Decider } from '#kernel/decider.js';
import type { CampaignAsked } from './campaign-key.events.js';
import { evolveCampaignKey, type CampaignKeyState } from './campaign-key.state.js';

/** Takes up the command that opens a campaign. */
export interface AskCampaign {
  readonly type: 'AskCampaign';
  readonly campaignId: string;
}

/**
 * Binds an Idempotency-Key to the body that it first came with. A campaign's own stream cannot: it is named by fund and
 * code, so that another code under the same key would be another stream.
 */
export const campaignKey: Decider<CampaignKeyState, AskCampaign, CampaignAsked> = {
  initialState: {},
  evolve: evolveCampaignKey,
  decide: (state, { campaignId }) =>
    state.campaignId === undefined ? [{ type: 'CampaignAsked', data: { campaignId } }] : [],
};
