import { ledgerTopic, type entryPostedV1 } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';
import type { z } from 'zod';

/** A bank item that stands in the books. */
export type PostedItemRow = { readonly bank_item_id: string; readonly entry_id: string };

/** The bank items that the ledger has posted. */
export const postedItemProjection: Projection<PostedItemRow, Message> = {
  name: 'donations.posted_item',
  version: 1,
  key: 'bank_item_id',
  columns: { bank_item_id: 'uuid', entry_id: 'text' },
  topics: [ledgerTopic],
  keysOf: (message) => (entryOf(message)?.kind === 'bank-item' ? [message.subject] : []),
  project: (row, message, key) => row ?? { bank_item_id: key, entry_id: entryOf(message)?.entryId ?? '' },
};

function entryOf({ type, data }: Message): z.infer<typeof entryPostedV1> | undefined {
  return type === 'EntryPosted.v1' ? (data as z.infer<typeof entryPostedV1>) : undefined;
}
