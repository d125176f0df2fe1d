import type { EntrySource } from '#domain/fund/entry.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Translated } from '#kernel/message.js';
import { entryOf, message } from './translated.js';

/** What the books answer about a donation; undefined for every other event of a fund. */
export function aboutDonation(event: RecordedEvent<FundEvent>, fundId: string): Translated | undefined {
  switch (event.type) {
    case 'DonationPosted': {
      const { postedPurpose } = event.data;
      const data = { postedPurpose, ...entryOf(fundId, event.data), ...sourceOf(event.data) };
      return message('DonationPosted.v1', fundId, data.source.donationId, data);
    }
    case 'RefundPosted': {
      const { reversesEntryId, refundId, amount, left, full } = event.data;
      const sums = { ...(amount === undefined ? {} : { amount }), ...(left === undefined ? {} : { left }) };
      const entry = { ...entryOf(fundId, event.data), ...sourceOf(event.data) };
      const data = { ...entry, reversesEntryId, refundId, ...sums, full };
      return message('RefundPosted.v1', fundId, data.source.donationId, data);
    }
    case 'VoidPosted': {
      const { reversesEntryId, voidId } = event.data;
      const entry = { ...entryOf(fundId, event.data), ...sourceOf(event.data) };
      return message('VoidPosted.v1', fundId, entry.source.donationId, { ...entry, reversesEntryId, voidId });
    }
    case 'DonationReassigned': {
      const { matchId, postedPurpose, left, was } = event.data;
      const entry = { ...entryOf(fundId, event.data), ...sourceOf(event.data) };
      const before = sourceOf({ source: was }).source;
      const sums = left === undefined ? {} : { left };
      const data = { ...entry, matchId, postedPurpose, ...sums, was: before };
      return message('DonationReassigned.v1', fundId, data.source.donationId, data);
    }
    case 'ReassignmentRefused':
      return message('ReassignmentRefused.v1', fundId, event.data.donationId, { fundId, ...event.data });
    case 'RefundRefused':
      return message('RefundRefused.v1', fundId, event.data.donationId, { fundId, ...event.data });
    case 'VoidRefused':
      return message('VoidRefused.v1', fundId, event.data.donationId, { fundId, ...event.data });
    default:
      return undefined;
  }
}

function sourceOf({ source }: { readonly source: EntrySource }) {
  return { source: { ...source, items: [...source.items] } };
}
