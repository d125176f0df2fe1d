import type { z } from 'zod';
import { ledgerTopic, type purposeClosedV1, type purposeOpenedV1 } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';

/** What this service needs of a purpose of a fund. */
export type PurposeRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly purpose: string;
  /** Unique in its fund. */
  readonly code: string;
  /** Whether it takes donations. */
  readonly open: boolean;
};

/** The purposes that funds have, learnt from the ledger, those closed included. */
export const purposeProjection: Projection<PurposeRow, Message> = {
  name: 'donations.purpose',
  version: 1,
  key: 'key',
  columns: { key: 'text', fund_id: 'uuid', purpose: 'text', code: 'text', open: 'boolean' },
  indexes: [{ columns: ['fund_id', 'code'] }],
  topics: [ledgerTopic],
  keysOf: (message) => {
    if (message.type !== 'PurposeOpened.v1' && message.type !== 'PurposeClosed.v1') return [];
    const { fundId, purpose } = message.data as z.infer<typeof purposeClosedV1>;
    return [compositeKey(fundId, purpose)];
  },
  project: (row, message, key) => {
    if (message.type === 'PurposeClosed.v1') return row && { ...row, open: false };
    const { fundId, purpose, code } = message.data as z.infer<typeof purposeOpenedV1>;
    return { key, fund_id: fundId, purpose, code, open: true };
  },
};
