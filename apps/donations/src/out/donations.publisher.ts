import type { z } from 'zod';
import { donationsTopic, type donationsContracts } from '#contracts/donations.v1.js';
import type { BankItemEvent, Classification } from '#domain/bank-item/bank-item.events.js';
import type { CampaignEvent } from '#domain/campaign/campaign.events.js';
import type { DonationEvent, DonationSource } from '#domain/donation/donation.events.js';
import type { DonorEvent } from '#domain/donor/donor.events.js';
import type { StatementEvent } from '#domain/statement/statement.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';

type Contracts = typeof donationsContracts;
type Published = DonationEvent | CampaignEvent | DonorEvent | StatementEvent | BankItemEvent;

/** The topic of this service: what ledger and receipts learn of donations, campaigns, statements and corrected addresses. */
export const donationsPublisher: TopicSource = {
  topic: donationsTopic,
  streams: ['donation-', 'campaign-', 'donor-', 'statement-', 'bank-item-'],
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
    case 'DonationMatched': {
      const { matchedBy: _by, reasonRecordId: _reason, ...data } = event.data;
      return message('DonationMatched.v1', data.source.donationId, withItems(data));
    }
    case 'DonationMatchUndone': {
      const { undoneBy: _by, reasonRecordId: _reason, ...data } = event.data;
      return message('DonationMatched.v1', data.source.donationId, withItems(data));
    }
    // A donor's own is nobody else's business; a donation's reaches who was named on its receipts.
    case 'PersonalDataErased': {
      if (!('donationId' in event.data)) return undefined;
      const { fundId, donationId } = event.data;
      return message('DonationTextsErased.v1', donationId, { fundId, donationId });
    }
    case 'DonorContactCorrected': {
      const donorId = event.stream.slice('donor-'.length);
      return message('DonorContactCorrected.v1', donorId, { donorId, ...event.data });
    }
    default:
      return bankTranslated(event as RecordedEvent<StatementEvent | BankItemEvent>);
  }
}

/** The same with arrays of its own, as a contract has them. */
function withItems<Data extends { readonly source: DonationSource; readonly was: DonationSource }>(
  data: Data,
) {
  const { source, was } = data;
  return {
    ...data,
    source: { ...source, items: [...source.items] },
    was: { ...was, items: [...was.items] },
  };
}

function bankTranslated(event: RecordedEvent<StatementEvent | BankItemEvent>): Translated | undefined {
  switch (event.type) {
    case 'StatementConfirmed': {
      const { statementId, fundId, account, openingEntry } = event.data;
      const data = { statementId, fundId, account, ...(openingEntry && { openingEntry }) };
      return message('StatementConfirmed.v1', statementId, data);
    }
    case 'BankItemRecorded': {
      const { memoRecordId: _memo, ...item } = event.data;
      return message('BankItemRecorded.v1', item.bankItemId, { fundId: item.fundId, item });
    }
    case 'BankItemClassified':
      return message('BankItemClassified.v1', event.data.item.bankItemId, classified(event.data));
    case 'ClassificationUndone':
      return message('ClassificationUndone.v1', event.data.item.bankItemId, classified(event.data));
    default:
      return undefined;
  }
}

type Classified = Extract<BankItemEvent, { readonly type: 'BankItemClassified' | 'ClassificationUndone' }>;

function classified({ classificationId, item, classification }: Classified['data']) {
  return { fundId: item.fundId, classificationId, item, classification: told(classification) };
}

/** Whose donation it was stands in the donation. */
function told(classification: Classification) {
  return classification.as === 'donation' ? ({ as: 'donation' } as const) : classification;
}

function message<Type extends keyof Contracts>(
  type: Type,
  subject: string,
  data: z.infer<Contracts[Type]> & { readonly fundId: string },
): Translated {
  return { type, subject, key: data.fundId, data };
}
