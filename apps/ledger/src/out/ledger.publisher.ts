import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';
import { fundIdOf } from '../fund-streams.js';
import { aboutDonation } from './about-donation.js';
import { entryOf, message } from './translated.js';

/**
 * What others may know of a fund's books: funds opened, purposes opened and closed, every entry, and the answers to what was
 * asked.
 */
export const ledgerPublisher: TopicSource = {
  topic: ledgerTopic,
  streams: ['fund-'],
  translate(event) {
    return translated(event as RecordedEvent<FundEvent>, fundIdOf(event));
  },
};

function translated(event: RecordedEvent<FundEvent>, fundId: string): Translated | undefined {
  switch (event.type) {
    case 'FundOpened': {
      const { regime: _regime, ...about } = event.data;
      return message('FundOpened.v1', fundId, fundId, { fundId, ...about });
    }
    case 'PurposeOpened':
      return message('PurposeOpened.v1', fundId, fundId, { fundId, ...event.data });
    case 'PurposeClosed':
      return message('PurposeClosed.v1', fundId, fundId, { fundId, ...event.data });
    case 'OpeningBalancesPosted':
      return message('EntryPosted.v1', fundId, fundId, {
        ...entryOf(fundId, event.data),
        kind: 'opening',
      });
    case 'BankItemPosted':
      return message('EntryPosted.v1', fundId, event.data.item.bankItemId, {
        ...entryOf(fundId, event.data),
        kind: 'bank-item',
      });
    default:
      return aboutDonation(event, fundId);
  }
}
