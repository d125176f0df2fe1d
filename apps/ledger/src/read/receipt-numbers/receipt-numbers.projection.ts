import type { z } from 'zod';
import { receiptsTopic, type receiptIssuedV1 } from '#contracts/receipts.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';

/** The number of the voucher that an entry's money came in under. */
export type ReceiptNumberRow = {
  readonly entry_id: string;
  /** Such as `LS-2025-000123`. */
  readonly number: string;
  readonly issued_at: string;
};

/** The messages that it is made of. */
export const receiptNumberMessages = ['ReceiptIssued.v1'] as const;

/** The first receipt of each entry, learnt from receipts; what was reissued stands in the register of receipts alone. */
export const receiptNumbers: Projection<ReceiptNumberRow, Message> = {
  name: 'ledger.receipt_numbers',
  version: 1,
  key: 'entry_id',
  columns: { entry_id: 'text', number: 'text', issued_at: 'timestamptz' },
  topics: [receiptsTopic],
  keysOf: ({ type, data }) => {
    if (type !== receiptNumberMessages[0]) return [];
    const { entryId, reissue } = data as z.infer<typeof receiptIssuedV1>;
    return reissue ? [] : [entryId];
  },
  project: (row, { data, time }, entryId) => {
    const { number } = data as z.infer<typeof receiptIssuedV1>;
    return row ?? { entry_id: entryId, number, issued_at: time };
  },
};
