import type { PledgeEvent } from '#domain/pledge/pledge.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';
import type { MoneyJson } from '#kernel/money.js';
import type { Projection } from '#read-models/projection.js';

/** A pledge as lists show it; sums in minor units. */
export type PledgeRow = {
  readonly pledge_id: string;
  readonly fund_id: string;
  readonly campaign_id: string;
  readonly donor_id: string;
  readonly amount: string;
  readonly currency: string;
  readonly paid: string;
  readonly due_on: string;
  /** `open`, `fulfilled` or `withdrawn`. */
  readonly status: string;
  readonly incarnation: number;
  readonly number: string;
};

/** The pledges of every campaign. */
export const pledgeProjection: Projection<PledgeRow> = {
  name: 'donations.pledge',
  version: 1,
  key: 'pledge_id',
  columns: {
    pledge_id: 'uuid',
    fund_id: 'uuid',
    campaign_id: 'uuid',
    donor_id: 'uuid',
    amount: 'numeric',
    currency: 'text',
    paid: 'numeric',
    due_on: 'date',
    status: 'text',
    incarnation: 'integer',
    number: 'bigint',
  },
  indexes: [
    { columns: ['fund_id', 'incarnation', 'number'] },
    { columns: ['campaign_id'] },
    { columns: ['donor_id'] },
  ],
  streams: ['pledge-'],
  keysOf: (event) => (isInboxEvent(event) ? [] : [event.stream.slice('pledge-'.length)]),
  project: (row, event) => projected(row, event as RecordedEvent<PledgeEvent>),
};

function projected(row: PledgeRow | undefined, event: RecordedEvent<PledgeEvent>): PledgeRow | undefined {
  if (event.type === 'PledgeMade') {
    const { pledgeId, fundId, campaignId, donorId, amount, dueOn } = event.data;
    return {
      ...{ pledge_id: pledgeId, fund_id: fundId, campaign_id: campaignId, donor_id: donorId },
      ...{ amount: amount.amount, currency: amount.currency, paid: '0', due_on: dueOn, status: 'open' },
      incarnation: event.position.incarnation,
      number: event.position.number.toString(),
    };
  }
  if (!row) return undefined;
  switch (event.type) {
    case 'PledgePaid':
      return counted(row, event.data.amount, 1n);
    case 'PledgePaymentUndone':
      return counted(row, event.data.amount, -1n);
    case 'PledgeWithdrawn':
      return { ...row, status: 'withdrawn' };
  }
}

function counted(row: PledgeRow, sum: MoneyJson, sign: 1n | -1n): PledgeRow {
  const paid = BigInt(row.paid) + sign * BigInt(sum.amount);
  const status = paid >= BigInt(row.amount) ? 'fulfilled' : 'open';
  return { ...row, paid: paid.toString(), status: row.status === 'withdrawn' ? 'withdrawn' : status };
}
