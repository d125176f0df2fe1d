import type { Entry } from '#domain/fund/entry.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';

type EntryEvent = Extract<FundEvent, { readonly data: Entry }>;

/** An event that is an entry in the books. */
export type PostedEntry = RecordedEvent<EntryEvent>;

const kinds = {
  OpeningBalancesPosted: 'opening',
  DonationPosted: 'donation',
  RefundPosted: 'refund',
  VoidPosted: 'void',
  BankItemPosted: 'bank-item',
  ClassificationPosted: 'classification',
  DonationReassigned: 'reassignment',
  JournalPosted: 'journal',
} as const satisfies Readonly<Record<EntryEvent['type'], string>>;

/** What an entry answers. */
export type EntryKind = (typeof kinds)[keyof typeof kinds];

/** The event as an entry, or undefined where it posts nothing. */
export function postedEntry(event: RecordedEvent): PostedEntry | undefined {
  return Object.hasOwn(kinds, event.type) ? (event as PostedEntry) : undefined;
}

/** Which kind of entry it is. */
export function kindOf(entry: PostedEntry): EntryKind {
  return kinds[entry.type];
}
