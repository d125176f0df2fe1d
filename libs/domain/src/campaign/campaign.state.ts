import type { LocalDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { CampaignEvent, CampaignOpened } from './campaign.events.js';

/** A campaign that was opened; `closesOn` is the last day on which it receives, as it stands now. */
export type OpenedCampaign = CampaignOpened['data'] & { readonly status: 'open' | 'closed' };

/** A campaign's state. */
export type CampaignState = { readonly status: 'none' } | OpenedCampaign;

/** Nothing opened yet. */
export const noCampaign: CampaignState = { status: 'none' };

/** Folds one event; throws `InvariantViolation` for anything before the opening. */
export function evolveCampaign(state: CampaignState, event: CampaignEvent): CampaignState {
  if (event.type === 'CampaignOpened') return { ...event.data, status: 'open' };
  if (state.status === 'none') throw new InvariantViolation(`${event.type} before CampaignOpened`);
  switch (event.type) {
    case 'CampaignExtended':
      return { ...state, closesOn: event.data.closesOn, status: 'open' };
    case 'CampaignClosed':
      return { ...state, closesOn: earlier(event.data.lastDay, state.closesOn), status: 'closed' };
  }
}

function earlier(a: LocalDate, b: LocalDate): LocalDate {
  return a < b ? a : b;
}
