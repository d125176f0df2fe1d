import { compositeKey } from '#read-models/composite-key.js';

/** What the ledger's messages tell of any entry. */
export interface PostedEntry {
  readonly fundId: string;
  readonly entryId: string;
  readonly reversesEntryId?: string;
  readonly effectiveOn: string;
  readonly bookedOn?: string;
  readonly postings: readonly {
    readonly account: string;
    readonly amount: { readonly amount: string; readonly currency: string };
  }[];
}

/** Whether the entry brings in what stood on accounts before the books knew of them. */
export function isOpening({ postings }: PostedEntry): boolean {
  return postings.some(({ account }) => account === 'equity.opening');
}

/** The entry's postings on bank accounts, each with the key of the row that it, or the entry that it reverses, has there. */
export function bankPostingsOf({ entryId, reversesEntryId = entryId, postings }: PostedEntry) {
  return postings
    .filter(({ account }) => account.startsWith('bank.'))
    .map(({ account, amount: { amount, currency } }) => ({
      ...{ account, currency, amount },
      key: compositeKey(reversesEntryId, account, currency),
    }));
}
