import type {
  DonationPosted,
  OpeningBalancesPosted,
  RefundPosted,
  VoidPosted,
} from '#domain/fund/entry.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';

/** An event that is an entry in the books. */
export type PostedEntry = RecordedEvent<OpeningBalancesPosted | DonationPosted | RefundPosted | VoidPosted>;

const kinds = {
  OpeningBalancesPosted: 'opening',
  DonationPosted: 'donation',
  RefundPosted: 'refund',
  VoidPosted: 'void',
} as const;

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
