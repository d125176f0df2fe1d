import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';

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

interface Entry {
  readonly fundId: string;
  readonly entryId: string;
  readonly reversesEntryId?: string;
  readonly effectiveOn: string;
  readonly bookedOn?: string;
  readonly postings: readonly {
    readonly account: string;
    readonly amount: { readonly currency: string };
  }[];
}

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
    if (!opening) return [];
    return [...new Set(banksOf(opening).map((place) => keyOf(opening, place)))];
  },
  project: (row, message, key) => {
    const opening = openingOf(message);
    const place = opening && banksOf(opening).find((one) => keyOf(opening, one) === key);
    if (!place) return row;
    if (opening.reversesEntryId !== undefined) return undefined;
    const { fundId, entryId, effectiveOn, bookedOn = effectiveOn } = opening;
    return { key, fund_id: fundId, entry_id: entryId, ...place, day: bookedOn };
  },
};

function openingOf({ type, data }: Message): Entry | undefined {
  if (type !== 'EntryPosted.v1' && type !== 'JournalPosted.v1') return undefined;
  const entry = data as Entry;
  return entry.postings.some(({ account }) => account === 'equity.opening') ? entry : undefined;
}

function banksOf({ postings }: Entry) {
  return postings
    .filter(({ account }) => account.startsWith('bank.'))
    .map(({ account, amount: { currency } }) => ({ account, currency }));
}

function keyOf(
  { entryId, reversesEntryId = entryId }: Entry,
  { account, currency }: { readonly account: string; readonly currency: string },
): string {
  return compositeKey(reversesEntryId, account, currency);
}
