import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';
import { bankPostingsOf, isOpening, type PostedEntry } from './bank-entries.js';

/** What a refund or a journal moved on a bank account, which a row of the bank's statement says again. */
export type ClaimableEntryRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly entry_id: string;
  readonly account: string;
  readonly currency: string;
  /** What it did to the account, in minor units. */
  readonly amount: string;
  readonly day: string;
};

/** Refunds and journals that stand, by bank account; without opening entries, which no row says, and what was reversed. */
export const claimableEntryProjection: Projection<ClaimableEntryRow, Message> = {
  name: 'donations.claimable_entry',
  version: 1,
  key: 'key',
  columns: {
    ...{ key: 'text', fund_id: 'uuid', entry_id: 'text', account: 'text', currency: 'text' },
    ...{ amount: 'numeric', day: 'date' },
  },
  indexes: [{ columns: ['fund_id', 'account', 'currency', 'day'] }, { columns: ['entry_id'] }],
  topics: [ledgerTopic],
  keysOf: (message) => {
    const entry = claimableIn(message);
    return entry ? [...new Set(bankPostingsOf(entry).map(({ key }) => key))] : [];
  },
  project: (row, message, key) => {
    const entry = claimableIn(message);
    const moves = entry ? bankPostingsOf(entry).filter((move) => move.key === key) : [];
    const [first] = moves;
    if (!entry || !first) return row;
    if (entry.reversesEntryId !== undefined) return undefined;
    const { account, currency } = first;
    const amount = moves.reduce((sum, move) => sum + BigInt(move.amount), 0n).toString();
    const { fundId, entryId, effectiveOn: day } = entry;
    return { key, fund_id: fundId, entry_id: entryId, account, currency, amount, day };
  },
};

function claimableIn({ type, data }: Message): PostedEntry | undefined {
  if (type !== 'RefundPosted.v1' && type !== 'JournalPosted.v1') return undefined;
  const entry = data as PostedEntry;
  // A refund names the donation's entry as what it reverses, which still stands.
  const { reversesEntryId, ...rest } = entry;
  const told = type === 'RefundPosted.v1' || reversesEntryId === undefined ? rest : entry;
  return isOpening(told) ? undefined : told;
}
