import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';

/** A purpose of a fund by name. */
export type PurposeRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly purpose: string;
  readonly code: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly campaign_id: string | null;
  readonly open: boolean;
};

/** The purposes of every fund, those closed included. */
export const purposes: Projection<PurposeRow> = {
  name: 'ledger.purposes',
  version: 1,
  key: 'key',
  columns: {
    key: 'text',
    fund_id: 'uuid',
    purpose: 'text',
    code: 'text',
    name_vi: 'text',
    name_en: 'text',
    campaign_id: 'uuid',
    open: 'boolean',
  },
  indexes: [{ columns: ['fund_id', 'code'] }],
  streams: ['fund-'],
  keysOf(recorded) {
    const event = recorded as RecordedEvent<FundEvent>;
    const touches = event.type === 'PurposeOpened' || event.type === 'PurposeClosed';
    return touches ? [compositeKey(fundIdOf(event), event.data.purpose)] : [];
  },
  project(row, recorded, key) {
    const event = recorded as RecordedEvent<FundEvent>;
    if (event.type === 'PurposeClosed') return row && { ...row, open: false };
    if (event.type !== 'PurposeOpened') return row;
    const { purpose, code, name, campaignId } = event.data;
    return {
      key,
      fund_id: fundIdOf(event),
      purpose,
      code,
      name_vi: name.vi,
      name_en: name.en,
      campaign_id: campaignId ?? null,
      open: true,
    };
  },
};
