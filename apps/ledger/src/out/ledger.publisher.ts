import { ledgerTopic, type ledgerContracts } from '#contracts/ledger.v1.js';
import type { EntrySource } from '#domain/fund/entry.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { TopicSource, Translated } from '#kernel/message.js';
import type { z } from 'zod';
import { fundIdOf } from '../fund-streams.js';

type Contracts = typeof ledgerContracts;
type Name = keyof Contracts;

/** What others may know of a fund's books: funds opened, purposes opened and closed, and the answers to what was asked for a donation. */
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
    case 'DonationPosted': {
      const { postedPurpose } = event.data;
      const data = { ...entryOf(fundId, event.data), postedPurpose };
      return message('DonationPosted.v1', fundId, data.source.donationId, data);
    }
    case 'RefundPosted': {
      const { reversesEntryId, refundId, amount, left, full } = event.data;
      const sums = { ...(amount === undefined ? {} : { amount }), ...(left === undefined ? {} : { left }) };
      const data = { ...entryOf(fundId, event.data), reversesEntryId, refundId, ...sums, full };
      return message('RefundPosted.v1', fundId, data.source.donationId, data);
    }
    case 'VoidPosted': {
      const { reversesEntryId, voidId } = event.data;
      const data = { ...entryOf(fundId, event.data), reversesEntryId, voidId };
      return message('VoidPosted.v1', fundId, data.source.donationId, data);
    }
    case 'RefundRefused':
      return message('RefundRefused.v1', fundId, event.data.donationId, { fundId, ...event.data });
    case 'VoidRefused':
      return message('VoidRefused.v1', fundId, event.data.donationId, { fundId, ...event.data });
    default:
      return undefined;
  }
}

function message<N extends Name>(
  type: N,
  key: string,
  subject: string,
  data: z.input<Contracts[N]>,
): Translated {
  return { type, key, subject, data };
}

type Posted = (RecordedEvent<FundEvent> & {
  readonly type: 'DonationPosted' | 'RefundPosted' | 'VoidPosted';
})['data'];

function entryOf(fundId: string, { entryId, entryNumber, effectiveOn, postings, source }: Posted) {
  return { fundId, entryId, entryNumber, effectiveOn, postings: [...postings], source: sourceOf(source) };
}

function sourceOf(source: EntrySource) {
  return { ...source, items: [...source.items] };
}
