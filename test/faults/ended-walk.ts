import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isInboxEvent } from '#kernel/inbox.js';

/**
 * What must hold once nothing is on its way any more: every request has its answer in every service, nothing is parked, and
 * what was acknowledged (command id, ids of its events) stands there once. Throws with the rule that is broken.
 */
export function assertEnded(
  events: readonly RecordedEvent[],
  acknowledged: ReadonlyMap<string, string>,
): void {
  const of = (type: string): number => events.filter((event) => event.type === type).length;
  const parked = events.filter(isInboxEvent);
  if (parked.length > 0) throw new Error(`${String(parked.length)} messages were parked`);
  const first = events.filter(
    ({ type, data }) => type === 'ReceiptIssued' && !(data as { reissue: boolean }).reissue,
  );
  const pairs = [
    ['recorded = posted', of('DonationRecorded'), of('DonationPosted')],
    ['posted = numbered', of('DonationPosted'), first.length],
    ['refunds asked for = answered', of('RefundApproved'), of('RefundPosted') + of('RefundRefused')],
    ['voids asked for = answered', of('VoidApproved'), of('VoidPosted') + of('VoidRefused')],
    ['refunds posted = completed', of('RefundPosted'), of('RefundCompleted')],
    ['refunds refused = declined', of('RefundRefused'), of('RefundDeclined')],
    ['voids posted = completed', of('VoidPosted'), of('VoidCompleted')],
    ['voids refused = declined', of('VoidRefused'), of('VoidDeclined')],
    [
      'matches asked for = answered',
      of('DonationMatched') + of('DonationMatchUndone'),
      of('DonationReassigned') + of('ReassignmentRefused'),
    ],
    ['donations moved = matched', of('DonationReassigned'), of('MatchCompleted')],
    ['matches refused = declined', of('ReassignmentRefused'), of('MatchDeclined')],
    ...accountingPairs(events),
    ['numbers in force = donations that stand', of('ReceiptIssued') - of('ReceiptVoided'), standing(events)],
  ] as const;
  for (const [rule, one, other] of pairs)
    if (one !== other) throw new Error(`${rule}: ${String(one)} and ${String(other)}`);
  assertKept(events, acknowledged);
}

/** What accountants asked for and what answers it; streams of items and of funds call some answers alike. */
function accountingPairs(events: readonly RecordedEvent[]): readonly (readonly [string, number, number])[] {
  const of = (prefix: string, ...types: readonly string[]): number =>
    events.filter(({ stream, type }) => stream.startsWith(prefix) && types.includes(type)).length;
  const asDonation = events.filter(
    ({ type, data }) =>
      type === 'BankItemClassified' &&
      (data as { readonly classification: { readonly as: string } }).classification.as === 'donation',
  ).length;
  const said = of('bank-item-', 'BankItemClassified', 'ClassificationUndone');
  const withOpening = events.filter(
    ({ type, data }) => type === 'StatementConfirmed' && 'openingEntry' in data,
  ).length;
  return [
    ['statements confirmed = imported', of('', 'StatementConfirmed'), of('', 'StatementImported')],
    ['opening entries asked for = posted', withOpening, of('', 'OpeningBalancesPosted')],
    ['bank items = posted', of('', 'BankItemRecorded'), of('', 'BankItemPosted')],
    [
      'said of items, but donations = answered by the books',
      said - asDonation,
      of('fund-', 'ClassificationPosted', 'ClassificationRefused'),
    ],
    [
      'said of items = known to the items',
      said,
      of(
        'bank-item-',
        ...['ClassificationPosted', 'ClassificationDeclined'],
        ...['ClassificationReversed', 'ClassificationReversalDeclined'],
      ),
    ],
    ['journals agreed on = answered', of('', 'JournalApproved'), of('', 'JournalPosted', 'JournalRefused')],
    ['journals posted = completed', of('', 'JournalPosted'), of('', 'JournalCompleted')],
    ['journals refused = declined', of('', 'JournalRefused'), of('', 'JournalDeclined')],
  ];
}

/** What was acknowledged stands there, once. */
function assertKept(events: readonly RecordedEvent[], acknowledged: ReadonlyMap<string, string>): void {
  for (const [commandId, named] of acknowledged) {
    const standing = events.filter((event) => event.commandId === commandId).map(({ id }) => id);
    if (standing.join() !== named)
      throw new Error(`${commandId} was answered with ${named}; ${standing.join()} stand`);
  }
}

/** How many donations are neither voided nor paid back whole, by their own streams. */
function standing(events: readonly RecordedEvent[]): number {
  const full = new Map<string, boolean>();
  let gone = 0;
  let recorded = 0;
  for (const { stream, type, data } of events as readonly RecordedEvent<DonationEvent>[]) {
    if (type === 'DonationRecorded') recorded += 1;
    if (type === 'RefundApproved') full.set(stream, data.full);
    if (type === 'VoidCompleted' || (type === 'RefundCompleted' && full.get(stream) === true)) gone += 1;
  }
  return recorded - gone;
}
