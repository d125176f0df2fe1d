import { journalApprovedV1, journalPostedV1, journalRefusedV1 } from '#contracts/ledger.v1.js';
import type { PostJournal } from '#domain/fund/journals.decide.js';
import type { JournalCommand } from '#domain/journal/journal.decide.js';
import { localDate } from '#kernel/dates.js';
import type { Message } from '#kernel/message.js';
import { present } from './plain.js';

/** What a journal that was agreed on asks of its fund. Throws `ZodError` where the data breaks its contract. */
export function journalOf({ data, time }: Message): PostJournal {
  const { journalId, kind, postings, reversesEntryId, effectiveOn } = journalApprovedV1.parse(data);
  return {
    type: 'PostJournal',
    ...{ journalId, kind, postings },
    ...present({ reversesEntryId }),
    effectiveOn: localDate(effectiveOn),
    approvedAt: time,
  };
}

/** What a fund's answer means to the journal; undefined where it answers none. Throws `ZodError` like {@link journalOf}. */
export function toJournalCommand({ type, data }: Message): JournalCommand | undefined {
  switch (type) {
    case 'JournalPosted.v1':
      return { type: 'CompleteJournal', entryId: journalPostedV1.parse(data).entryId };
    case 'JournalRefused.v1': {
      const { code, shortBy } = journalRefusedV1.parse(data);
      return { type: 'DeclineJournal', code, ...present({ shortBy }) };
    }
    default:
      return undefined;
  }
}
