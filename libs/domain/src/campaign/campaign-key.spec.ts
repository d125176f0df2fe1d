import { describe, it } from '@jest/globals';
import { given } from '#testing/given.js';
import { campaignKey } from './campaign-key.decide.js';

describe('the key under which a campaign is opened', () => {
  const asked = { type: 'CampaignAsked', data: { campaignId: 'c1' } } as const;

  it('is taken up once', () => {
    given(campaignKey).when({ type: 'AskCampaign', campaignId: 'c1' }).then(asked);
    given(campaignKey, [asked]).when({ type: 'AskCampaign', campaignId: 'c1' }).nothing();
  });
});
