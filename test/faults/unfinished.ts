import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { ReceiptEvent, PlannedMail } from '#domain/receipt/receipt.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';

/** What asks for something, and what answers it, by types of events. */
const answers: Readonly<Record<string, readonly string[]>> = {
  DonationRecorded: ['DonationPosted'],
  BankItemRecorded: ['BankItemPosted'],
  RefundApproved: ['RefundPosted', 'RefundRefused'],
  RefundPosted: ['RefundCompleted'],
  RefundRefused: ['RefundDeclined'],
  VoidApproved: ['VoidPosted', 'VoidRefused'],
  VoidPosted: ['VoidCompleted'],
  VoidRefused: ['VoidDeclined'],
  DonationMatched: ['DonationReassigned', 'ReassignmentRefused'],
  DonationReassigned: ['MatchCompleted'],
  ReassignmentRefused: ['MatchDeclined'],
  StatementConfirmed: ['StatementImported'],
};

/** What is still on its way, in words; nothing once everything has come to its end. */
export function unfinishedIn(events: readonly RecordedEvent[]): readonly string[] {
  const of = (type: string): number => events.filter((event) => event.type === type).length;
  const waiting = Object.entries(answers).flatMap(([asked, answered]) => {
    const [owed, got] = [of(asked), answered.reduce((sum, type) => sum + of(type), 0)];
    return owed === got ? [] : [`${asked}: ${String(got)} of ${String(owed)} answered`];
  });
  return [...waiting, ...unnumbered(events), ...unsent(events)];
}

/** Every posted donation has one first number. */
function unnumbered(events: readonly RecordedEvent[]): readonly string[] {
  const numbered = receipts(events).filter(({ data }) => !data.reissue).length;
  const posted = events.filter(({ type }) => type === 'DonationPosted').length;
  return numbered === posted ? [] : [`${String(numbered)} of ${String(posted)} donations have their number`];
}

/** Receipts of named people are drawn, those that are void by then too, and every mail that was planned has its outcome. */
function unsent(events: readonly RecordedEvent[]): readonly string[] {
  const own = events as readonly RecordedEvent<ReceiptEvent>[];
  const drawn = new Set(
    own.flatMap((event) => (event.type === 'ReceiptRendered' ? [event.data.number] : [])),
  );
  const undrawn = receipts(events).filter(
    ({ data: { number, donation } }) => donation.payer.kind === 'named' && !drawn.has(number),
  );
  const ended = new Set(own.flatMap((event) => endedBy(event) ?? []));
  const waiting = plannedIn(events).filter(({ messageId }) => !ended.has(messageId));
  return [
    ...undrawn.map(({ data }) => `${data.number} is not drawn`),
    ...waiting.map(({ messageId }) => `${messageId} is not mailed`),
  ];
}

/** Every mail that was ever planned. */
export function plannedIn(events: readonly RecordedEvent[]): readonly PlannedMail[] {
  return (events as readonly RecordedEvent<ReceiptEvent>[]).flatMap(({ type, data }) =>
    (type === 'ReceiptRendered' || type === 'ResendRequested' || type === 'ReceiptMailReplanned') && data.mail
      ? [data.mail]
      : [],
  );
}

function endedBy({ type, data }: RecordedEvent<ReceiptEvent>): string | undefined {
  switch (type) {
    case 'ReceiptSent':
    case 'ReceiptBounced':
    case 'ReceiptMailWithdrawn':
    case 'ReceiptMailReplanned':
      return data.messageId;
    default:
      return undefined;
  }
}

/** Receipts in the order of their numbers. */
export function receipts(events: readonly RecordedEvent[]) {
  return (events as readonly RecordedEvent<ReceiptBookEvent>[]).filter(
    (event) => event.type === 'ReceiptIssued',
  );
}
