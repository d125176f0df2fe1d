import type { z } from 'zod';
import { ledgerTopic, type fundOpenedV1 } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';

/** A fund and the one it belongs under. */
export type FundRow = {
  readonly fund_id: string;
  readonly parent_fund_id: string | null;
};

/** Which funds stand under which, learnt from the ledger: a grant may cover those under a fund. */
export const fundProjection: Projection<FundRow, Message> = {
  name: 'access.fund',
  version: 1,
  key: 'fund_id',
  columns: { fund_id: 'uuid', parent_fund_id: 'uuid' },
  indexes: [{ columns: ['parent_fund_id'] }],
  topics: [ledgerTopic],
  keysOf: (message) => (message.type === 'FundOpened.v1' ? [message.key] : []),
  project: (_row, message) => {
    const { fundId, parentFundId } = message.data as z.infer<typeof fundOpenedV1>;
    return { fund_id: fundId, parent_fund_id: parentFundId ?? null };
  },
};
