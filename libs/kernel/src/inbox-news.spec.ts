import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from './domain-event.js';
import { inboxNewsOf, isInboxNews } from './inbox-news.js';

const [fundId, donationId] = ['fund-1', 'donation-1'];
const message = {
  ...{ id: 'm1', topic: 'mangnon.ledger.v1', type: 'DonationPosted.v1', subject: donationId, key: fundId },
  data: { source: 'whatever it says' },
};
const stream = `receipt-book-${fundId}`;
const newsOf = (type: string, data: object) => inboxNewsOf({ type, data, stream } as RecordedEvent);
const waiting = { fundId, stream, messageId: 'm1', topic: 'mangnon.ledger.v1' };

describe('the news of a stream’s inbox', () => {
  it('tells what waits there, why, and that it was taken up, under its subject and without its data', () => {
    const parked = newsOf('MessageParked', { message, reason: 'TypeError: a bug' });
    const data = { ...waiting, message: 'DonationPosted.v1', reason: 'TypeError: a bug' };
    expect(parked).toEqual({ type: 'MessageParked.v1', subject: donationId, key: fundId, data });
    const { topic, id: messageId, subject, key } = message;
    const replayed = newsOf('MessageReplayed', { messageId, topic, subject, key });
    expect(replayed).toEqual({ type: 'MessageReplayed.v1', subject, key, data: waiting });
    expect([parked, replayed].map((news) => news && isInboxNews(news))).toEqual([true, true]);
  });

  it('tells nothing of other events, nor of what was taken up before its subject was kept', () => {
    expect(newsOf('ReceiptIssued', {})).toBeUndefined();
    expect(newsOf('MessageReplayed', { messageId: 'm1', topic: 't' })).toBeUndefined();
    expect(isInboxNews(message)).toBe(false);
  });
});
