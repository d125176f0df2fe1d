import type { CampaignEvent, CampaignOpened } from '#domain/campaign/campaign.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { Projection } from '#read-models/projection.js';

/** A campaign as lists show it. */
export type CampaignRow = {
  readonly campaign_id: string;
  readonly fund_id: string;
  readonly code: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly purpose: string;
  readonly appeal_number: string;
  readonly appeal_date: string;
  readonly decision_number: string;
  readonly decision_date: string;
  readonly receiving_account: string;
  readonly opens_on: string;
  /** Last day on which it receives, as it stands. */
  readonly closes_on: string;
  readonly target_amount: string | null;
  readonly target_currency: string | null;
  /** `open` or `closed`. */
  readonly status: string;
  readonly incarnation: number;
  readonly number: string;
};

/** The campaigns of every fund. */
export const campaignProjection: Projection<CampaignRow> = {
  name: 'donations.campaign',
  version: 1,
  key: 'campaign_id',
  columns: {
    campaign_id: 'uuid',
    fund_id: 'uuid',
    code: 'text',
    name_vi: 'text',
    name_en: 'text',
    purpose: 'text',
    appeal_number: 'text',
    appeal_date: 'date',
    decision_number: 'text',
    decision_date: 'date',
    receiving_account: 'text',
    opens_on: 'date',
    closes_on: 'date',
    target_amount: 'numeric',
    target_currency: 'text',
    status: 'text',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [{ columns: ['fund_id', 'incarnation', 'number'] }],
  streams: ['campaign-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('campaign-'.length)]),
  project: (row, event) => projected(row, event as RecordedEvent<CampaignEvent>),
};

function projected(
  row: CampaignRow | undefined,
  event: RecordedEvent<CampaignEvent>,
): CampaignRow | undefined {
  if (event.type === 'CampaignOpened') return opened(event);
  if (!row) return undefined;
  switch (event.type) {
    case 'CampaignExtended':
      return { ...row, closes_on: event.data.closesOn };
    case 'CampaignClosed': {
      const { lastDay } = event.data;
      return { ...row, status: 'closed', closes_on: lastDay < row.closes_on ? lastDay : row.closes_on };
    }
  }
}

function opened({ data, position }: RecordedEvent<CampaignOpened>): CampaignRow {
  const { campaignId, fundId, code, name, purpose, appeal, committeeDecision, target } = data;
  return {
    ...{ campaign_id: campaignId, fund_id: fundId, code, name_vi: name.vi, name_en: name.en, purpose },
    ...{ appeal_number: appeal.number, appeal_date: appeal.date },
    ...{ decision_number: committeeDecision.number, decision_date: committeeDecision.date },
    receiving_account: data.receivingAccount,
    ...{ opens_on: data.opensOn, closes_on: data.closesOn },
    ...{ target_amount: target?.amount ?? null, target_currency: target?.currency ?? null },
    status: 'open',
    ...{ incarnation: position.incarnation, number: position.number.toString() },
  };
}
