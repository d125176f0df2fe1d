import { ledgerTopic } from '#contracts/ledger.v1.js';
import { receiptsTopic } from '#contracts/receipts.v1.js';
import { isInboxNews } from '#kernel/inbox-news.js';
import { canonicalJson } from '#kernel/json.js';
import type { Message } from '#kernel/message.js';
import type { Projection } from '#read-models/projection.js';

/** What another service said of a donation; the donation's own events stand in its stream. */
export type HistoryRow = {
  /** Id of the source event. */
  readonly event_id: string;
  readonly donation_id: string;
  readonly service: string;
  readonly type: string;
  readonly recorded_at: string;
  readonly actor: string;
  readonly incarnation: number;
  readonly number: string;
  readonly correlation_id: string;
  /** Id of the event that it answers; null where a person's command made it. */
  readonly caused_by: string | null;
  /** The message's data as canonical JSON. */
  readonly data: string;
};

const services: Readonly<Record<string, string>> = { [ledgerTopic]: 'ledger', [receiptsTopic]: 'receipts' };

/** What ledger and receipts said of each donation. */
export const historyProjection: Projection<HistoryRow, Message> = {
  name: 'donations.history',
  // 2: receipts tells of requests, failures and mails put off or withdrawn too. 3: and both of messages that wait.
  // 4: data is the same text whichever way a message came.
  version: 4,
  key: 'event_id',
  columns: {
    event_id: 'uuid',
    donation_id: 'uuid',
    service: 'text',
    type: 'text',
    recorded_at: 'timestamptz',
    actor: 'text',
    incarnation: 'integer',
    number: 'bigint',
    correlation_id: 'text',
    caused_by: 'uuid',
    data: 'text',
  },
  indexes: [{ columns: ['donation_id', 'incarnation', 'number'] }],
  topics: [ledgerTopic, receiptsTopic],
  keysOf: (message) => (donationOf(message) === undefined ? [] : [message.id]),
  project: (_row, message) => {
    const donationId = donationOf(message);
    if (donationId === undefined) return undefined;
    return {
      event_id: message.id,
      donation_id: donationId,
      service: services[message.topic] ?? message.topic,
      type: message.type,
      recorded_at: message.time,
      actor: message.actor,
      incarnation: message.position.incarnation,
      number: message.position.number.toString(),
      correlation_id: message.correlationId,
      caused_by: message.cause && message.cause.kind !== 'command' ? message.cause.eventId : null,
      data: canonicalJson(message.data),
    };
  },
};

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The donation that a message is about; undefined for what concerns the fund alone. */
export function donationOf(message: Message): string | undefined {
  // What waits for a donation says so by its subject; for a campaign or a fund too, where nobody looks.
  if (isInboxNews(message)) return isId.test(message.subject) ? message.subject : undefined;
  const { donationId, source } = message.data as {
    readonly donationId?: string;
    readonly source?: { readonly donationId?: string };
  };
  return donationId ?? source?.donationId;
}
