import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';
import { bankPostingsOf, isOpening, type PostedEntry } from './bank-entries.js';

/** An entry of what stood on a bank account before the books knew of it. */
export type OpeningEntryRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly entry_id: string;
  readonly account: string;
  readonly currency: string;
  /** It stands for everything that moved the account before this day. */
  readonly day: string;
};

/** Opening entries that stand: of funds, of statements, and those that people write; without those that were reversed. */
export const openingEntryProjection: Projection<OpeningEntryRow, Message> = {
  name: 'donations.opening_entry',
  // 2: the first row's day, also where a closed period moved the entry.
  version: 2,
  key: 'key',
  columns: {
    ...{ key: 'text', fund_id: 'uuid', entry_id: 'text', account: 'text', currency: 'text', day: 'date' },
  },
  indexes: [{ columns: ['fund_id', 'account', 'currency', 'day'] }],
  topics: [ledgerTopic],
  keysOf: (message) => {
    const opening = openingOf(message);
    return opening ? [...new Set(bankPostingsOf(opening).map(({ key }) => key))] : [];
  },
  project: (row, message, key) => {
    const opening = openingOf(message);
    const place = opening && bankPostingsOf(opening).find((one) => one.key === key);
    if (!place) return row;
    if (opening.reversesEntryId !== undefined) return undefined;
    const { fundId, entryId, effectiveOn, bookedOn = effectiveOn } = opening;
    const { account, currency } = place;
    return { key, fund_id: fundId, entry_id: entryId, account, currency, day: bookedOn };
  },
};

function openingOf({ type, data }: Message): PostedEntry | undefined {
  if (type !== 'EntryPosted.v1' && type !== 'JournalPosted.v1') return undefined;
  const entry = data as PostedEntry;
  return isOpening(entry) ? entry : undefined;
}
