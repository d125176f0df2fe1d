import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { Message } from '#kernel/message.js';
import { compositeKey } from '#read-models/composite-key.js';
import type { Projection } from '#read-models/projection.js';

/** What the books moved on a bank account on one day, in minor units of one currency. */
export type AccountBalanceRow = {
  readonly key: string;
  readonly fund_id: string;
  readonly account: string;
  readonly currency: string;
  readonly day: string;
  readonly moved: string;
};

/** Every message that says what was posted; a journal that is only approved has postings too, and is none of them. */
const posted = new Set([
  'DonationPosted.v1',
  'RefundPosted.v1',
  'VoidPosted.v1',
  'EntryPosted.v1',
  'ClassificationPosted.v1',
  'DonationReassigned.v1',
  'JournalPosted.v1',
]);

interface Moved {
  readonly key: string;
  readonly account: string;
  readonly currency: string;
  readonly day: string;
  readonly amount: bigint;
}

interface Entry {
  readonly fundId: string;
  readonly effectiveOn: string;
  readonly postings: readonly {
    readonly account: string;
    readonly amount: { readonly amount: string; readonly currency: string };
  }[];
  readonly source?: { readonly receivedOn: string };
  readonly bookedOn?: string;
}

/** Bank accounts by day, from all that the ledger posts: what a statement's opening balance is held against. */
export const accountBalanceProjection: Projection<AccountBalanceRow, Message> = {
  name: 'donations.account_balance',
  // 2: bank items and own transfers on the day that the bank booked them, voids on the day of what they undo.
  version: 2,
  key: 'key',
  columns: {
    key: 'text',
    fund_id: 'uuid',
    account: 'text',
    currency: 'text',
    day: 'date',
    moved: 'numeric',
  },
  indexes: [{ columns: ['fund_id', 'account', 'currency', 'day'] }],
  topics: [ledgerTopic],
  keysOf: (message) => [...new Set(movedBy(message).map(({ key }) => key))],
  project: (row, message, key) => {
    const moves = movedBy(message).filter((move) => move.key === key);
    const [first] = moves;
    if (!first) return row;
    const moved = moves.reduce((sum, { amount }) => sum + amount, BigInt(row?.moved ?? '0')).toString();
    const { account, currency, day } = first;
    const { fundId } = message.data as Entry;
    return { key, fund_id: fundId, account, currency, day, moved };
  },
};

function movedBy({ type, data }: Message): readonly Moved[] {
  if (!posted.has(type)) return [];
  const entry = data as Entry;
  const day = bankDayOf(type, entry);
  return entry.postings
    .filter(({ account }) => account.startsWith('bank.'))
    .map(({ account, amount: { amount, currency } }) => ({
      key: compositeKey(entry.fundId, account, currency, day),
      ...{ account, currency, day, amount: BigInt(amount) },
    }));
}

/**
 * The bank knows nothing of closed periods: money counts on the day that it came or went there, whatever day the books
 * have it on. What is void never came, so that its two halves are told of the same day.
 */
function bankDayOf(type: string, { effectiveOn, source, bookedOn }: Entry): string {
  if (type === 'DonationPosted.v1' || type === 'VoidPosted.v1') return source?.receivedOn ?? effectiveOn;
  return bookedOn ?? effectiveOn;
}
