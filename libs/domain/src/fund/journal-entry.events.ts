import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';
import type { Entry, EntryRefusal } from './entry.events.js';

/** What a person's journal is for. */
export type JournalKind = 'opening' | 'transfer' | 'interest' | 'fee' | 'manual' | 'reversal';

/** A journal stands in the books. */
export type JournalPosted = DomainEvent<
  'JournalPosted',
  Entry & {
    readonly journalId: string;
    readonly kind: JournalKind;
    /** The entry that it reverses. */
    readonly reversesEntryId?: string;
  }
>;

/** A journal was refused; nothing was posted. */
export type JournalRefused = DomainEvent<
  'JournalRefused',
  { readonly journalId: string; readonly code: EntryRefusal; readonly shortBy?: MoneyJson }
>;
