import type { FundOpened } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Projection } from '#read-models/projection.js';
import { fundIdOf } from '../../fund-streams.js';

/** A fund as lists show it. */
export type FundRow = {
  readonly fund_id: string;
  readonly code: string;
  readonly level: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly parent_fund_id: string | null;
  readonly opened_on: string;
  readonly currency: string;
};

/** Every fund, with its level and the fund that it belongs under. */
export const funds: Projection<FundRow> = {
  name: 'ledger.funds',
  version: 1,
  key: 'fund_id',
  columns: {
    fund_id: 'uuid',
    code: 'text',
    level: 'text',
    name_vi: 'text',
    name_en: 'text',
    parent_fund_id: 'uuid',
    opened_on: 'date',
    currency: 'text',
  },
  indexes: [{ columns: ['code'] }],
  streams: ['fund-'],
  keysOf: (event) => (isOpening(event) ? [fundIdOf(event)] : []),
  project(row, event) {
    if (!isOpening(event)) return row;
    const { code, level, name, parentFundId, openedOn, currency } = event.data;
    return {
      fund_id: fundIdOf(event),
      code,
      level,
      name_vi: name.vi,
      name_en: name.en,
      parent_fund_id: parentFundId ?? null,
      opened_on: openedOn,
      currency,
    };
  },
};

function isOpening(event: RecordedEvent): event is RecordedEvent<FundOpened> {
  return event.type === 'FundOpened';
}
