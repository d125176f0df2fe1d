import type { JournalEvent } from '#domain/journal/journal.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Translated } from '#kernel/message.js';
import { message } from './translated.js';

/** What the ledger tells its own funds of a journal: that it was agreed on, and nothing else. */
export function aboutJournal(event: RecordedEvent<JournalEvent>, journalId: string): Translated | undefined {
  if (event.type !== 'JournalApproved') return undefined;
  const { fundId, kind, postings, reversesEntryId, effectiveOn } = event.data;
  const link = reversesEntryId === undefined ? {} : { reversesEntryId };
  const terms = { fundId, journalId, kind, postings: [...postings], ...link, effectiveOn };
  return message('JournalApproved.v1', fundId, journalId, terms);
}
