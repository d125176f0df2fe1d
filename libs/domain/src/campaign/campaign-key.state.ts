import type { CampaignAsked } from './campaign-key.events.js';

/** Whether the command was taken up, and for which campaign. */
export interface CampaignKeyState {
  readonly campaignId?: string;
}

/** Folds the one event; never mutates. */
export function evolveCampaignKey(_state: CampaignKeyState, event: CampaignAsked): CampaignKeyState {
  return { campaignId: event.data.campaignId };
}
