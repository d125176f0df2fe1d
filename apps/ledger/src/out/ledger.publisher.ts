import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { JournalEvent } from '#domain/journal/journal.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { inboxNewsOf } from '#kernel/inbox-news.js';
import type { TopicSource, Translated } from '#kernel/message.js';
import { fundIdOf } from '../fund-streams.js';
import { journalIdOf } from '../journal-streams.js';
import { aboutDonation } from './about-donation.js';
import { aboutJournal } from './about-journal.js';
import { entryOf, message } from './translated.js';

/**
 * What others may know of a fund's books: funds opened, purposes opened and closed, every entry, the answers to what was
 * asked, and which messages wait.
 */
export const ledgerPublisher: TopicSource = {
  topic: ledgerTopic,
  streams: ['fund-', 'journal-'],
  translate(event) {
    const journalId = journalIdOf(event);
    const news = inboxNewsOf(event);
    if (news || journalId === undefined)
      return news ?? translated(event as RecordedEvent<FundEvent>, fundIdOf(event));
    return aboutJournal(event as RecordedEvent<JournalEvent>, journalId);
  },
};

function translated(event: RecordedEvent<FundEvent>, fundId: string): Translated | undefined {
  switch (event.type) {
    case 'FundOpened': {
      const { regime: _regime, ...about } = event.data;
      return message('FundOpened.v1', fundId, fundId, { fundId, ...about });
    }
    case 'AccountOpened':
      return message('AccountOpened.v1', fundId, fundId, { fundId, account: event.data.account });
    case 'PurposeOpened':
      return message('PurposeOpened.v1', fundId, fundId, { fundId, ...event.data });
    case 'PurposeClosed':
      return message('PurposeClosed.v1', fundId, fundId, { fundId, ...event.data });
    case 'OpeningBalancesPosted':
      return message('EntryPosted.v1', fundId, fundId, {
        ...entryOf(fundId, event.data),
        kind: 'opening',
        ...(event.data.bookedOn && { bookedOn: event.data.bookedOn }),
      });
    case 'BankItemPosted': {
      const { item, effectiveOn } = event.data;
      const booked = item.bookedOn === effectiveOn ? {} : { bookedOn: item.bookedOn };
      const data = { ...entryOf(fundId, event.data), kind: 'bank-item' as const, ...booked };
      return message('EntryPosted.v1', fundId, item.bankItemId, data);
    }
    case 'ClassificationPosted': {
      const { bankItemId, classificationId, of, bookedOn } = event.data;
      const classified = { bankItemId, classificationId, of, ...(bookedOn && { bookedOn }) };
      const data = { ...entryOf(fundId, event.data), ...classified };
      return message('ClassificationPosted.v1', fundId, bankItemId, data);
    }
    case 'ClassificationRefused':
      return message('ClassificationRefused.v1', fundId, event.data.bankItemId, { fundId, ...event.data });
    case 'JournalPosted': {
      const { journalId, reversesEntryId } = event.data;
      const link = reversesEntryId === undefined ? {} : { reversesEntryId };
      const data = { ...entryOf(fundId, event.data), journalId, ...link };
      return message('JournalPosted.v1', fundId, journalId, data);
    }
    case 'JournalRefused':
      return message('JournalRefused.v1', fundId, event.data.journalId, { fundId, ...event.data });
    default:
      return aboutDonation(event, fundId);
  }
}
