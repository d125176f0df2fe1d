import type { z } from 'zod';
import { ledgerTopic, type accountOpenedV1 } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';

/** A bank account that a fund's books have. */
export type BankAccountRow = {
  readonly key: string;
  readonly fund_id: string;
  /** `bank.<account>`. */
  readonly account: string;
};

/** The bank accounts of funds, learnt from the ledger, those without any money included. */
export const bankAccountProjection: Projection<BankAccountRow, Message> = {
  name: 'donations.bank_account',
  version: 1,
  key: 'key',
  columns: { key: 'text', fund_id: 'uuid', account: 'text' },
  indexes: [{ columns: ['fund_id', 'account'] }],
  topics: [ledgerTopic],
  keysOf: (message) => {
    if (message.type !== 'AccountOpened.v1') return [];
    const { fundId, account } = message.data as z.infer<typeof accountOpenedV1>;
    return [compositeKey(fundId, account)];
  },
  project: (_row, message, key) => {
    const { fundId, account } = message.data as z.infer<typeof accountOpenedV1>;
    return { key, fund_id: fundId, account };
  },
};
