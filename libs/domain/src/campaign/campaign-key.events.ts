import type { DomainEvent } from '#kernel/domain-event.js';

/** In `appeal-<command>`: a person's command to open a campaign was taken up; no other body may come under its key. */
export type CampaignAsked = DomainEvent<'CampaignAsked', { readonly campaignId: string }>;
