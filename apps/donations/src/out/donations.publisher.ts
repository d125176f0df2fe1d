import type { z } from 'zod';
import { donationsTopic, type donationsContracts } from '#contracts/donations.v1.js';
import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';

type Contracts = typeof donationsContracts;
type Published = DonationEvent | CampaignEvent | DonorEvent;

/** The topic of this service: what ledger and receipts learn of donations, campaigns and corrected addresses. */
export const donationsPublisher: TopicSource = {
  topic: donationsTopic,
  streams: ['donation-', 'campaign-', 'donor-'],
  translate: (event) => translated(event as RecordedEvent<Published>),
};

function translated(event: RecordedEvent<Published>): Translated | undefined {
  switch (event.type) {
    case 'CampaignOpened': {
      const { campaignId, fundId, purpose, code, name, opensOn, closesOn } = event.data;
      const data = { campaignId, fundId, purpose, code, name, opensOn, closesOn };
      return message('CampaignOpened.v1', campaignId, data);
    }
    case 'DonationRecorded': {
      const { fundId, source } = event.data;
      return message('DonationRecorded.v1', source.donationId, {
        fundId,
        source: { ...source, items: [...source.items] },
      });
    }
    case 'RefundApproved': {
      const { approvedBy: _approver, source, ...data } = event.data;
      return message('RefundApproved.v1', source.donationId, {
        ...data,
        source: { ...source, items: [...source.items] },
      });
    }
    case 'VoidApproved': {
      const { approvedBy: _approver, source, ...data } = event.data;
      return message('VoidApproved.v1', source.donationId, {
        ...data,
        source: { ...source, items: [...source.items] },
      });
    }
    case 'DonorContactCorrected': {
      const donorId = event.stream.slice('donor-'.length);
      return message('DonorContactCorrected.v1', donorId, { donorId, ...event.data });
    }
    default:
      return undefined;
  }
}

function message<Type extends keyof Contracts>(
  type: Type,
  subject: string,
  data: z.infer<Contracts[Type]> & { readonly fundId: string },
): Translated {
  return { type, subject, key: data.fundId, data };
}
