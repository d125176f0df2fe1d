import type { z } from 'zod';
import { ledgerTopic, type fundOpenedV1 } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';

/** What this service needs of a fund; it never changes once the fund is open. */
export type FundRow = {
  readonly fund_id: string;
  readonly code: string;
  readonly name_vi: string;
  readonly name_en: string;
  /** Date before which nothing was received. */
  readonly opened_on: string;
  /** IANA name of the zone in which its dates are counted. */
  readonly zone: string;
  readonly currency: string;
};

/** The funds that there are, learnt from the ledger. */
export const fundProjection: Projection<FundRow, Message> = {
  name: 'donations.fund',
  version: 1,
  key: 'fund_id',
  columns: {
    fund_id: 'uuid',
    code: 'text',
    name_vi: 'text',
    name_en: 'text',
    opened_on: 'date',
    zone: 'text',
    currency: 'text',
  },
  topics: [ledgerTopic],
  keysOf: (message) => (message.type === 'FundOpened.v1' ? [message.key] : []),
  project: (_row, message) => {
    const { fundId, code, name, openedOn, zone, currency } = message.data as z.infer<typeof fundOpenedV1>;
    const names = { name_vi: name.vi, name_en: name.en };
    return { fund_id: fundId, code, ...names, opened_on: openedOn, zone, currency };
  },
};
