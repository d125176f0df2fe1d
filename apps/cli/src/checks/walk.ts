import type { DonationEvent } from '#domain/donation/donation.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import { donationsTopic } from '#contracts/donations.v1.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { emptyInbox, evolveInbox, type Inbox } from '#kernel/inbox.js';
import { comparePositions, type Position } from '#kernel/position.js';
import type { Bilingual } from '../language.js';
import { Check } from './check.js';

/** Something that a stream owes an answer to. */
interface Owed {
  readonly donationId: string;
  readonly event: RecordedEvent;
  readonly answers: number;
}

/** What a step of the walk looks at. */
interface Step {
  readonly id: string;
  readonly rule: Bilingual;
  readonly topic: string;
  /** Prefix of the streams that answer; what follows it is the fund. */
  readonly answering: string;
  /** Fund and donation of an event that is owed an answer. */
  owed(event: RecordedEvent): { readonly fundId: string; readonly donationId: string } | undefined;
  /** Donation that an event of an answering stream answers. */
  answered(event: RecordedEvent): string | undefined;
}

/**
 * One step of a donation's walk: what was told to a fund's stream is answered there exactly once, up to where the stream
 * has heard; what is parked waits and is counted as waiting.
 */
class WalkCheck extends Check {
  readonly #owed = new Map<string, Owed>();
  readonly #inboxes = new Map<string, Inbox>();

  constructor(private readonly step: Step) {
    super(step.id, step.rule);
  }

  take(event: RecordedEvent): void {
    const { answering } = this.step;
    const owed = this.step.owed(event);
    if (owed)
      this.#owed.set(`${owed.fundId} ${owed.donationId}`, { donationId: owed.donationId, event, answers: 0 });
    if (!event.stream.startsWith(answering)) return;
    const fundId = event.stream.slice(answering.length);
    if (event.cause.kind === 'message')
      this.#inboxes.set(fundId, evolveInbox(this.#inboxes.get(fundId) ?? emptyInbox, event));
    const donationId = this.step.answered(event);
    if (donationId !== undefined) this.#answer(event, `${fundId} ${donationId}`, donationId);
  }

  override end(): void {
    for (const [key, { donationId, event, answers }] of this.#owed) {
      const inbox = this.#inboxes.get(key.slice(0, key.lastIndexOf(' ')));
      if (
        answers > 0 ||
        !hasHeard(inbox, this.step.topic, event.position) ||
        event.id in (inbox?.parked ?? {})
      )
        continue;
      this.found(event, `${donationId} bị bỏ sót`, `${donationId} was passed over`);
    }
  }

  #answer(event: RecordedEvent, key: string, donationId: string): void {
    this.counted += 1;
    const owed = this.#owed.get(key);
    if (!owed) this.found(event, `${donationId} chưa từng được báo`, `${donationId} was never told of`);
    else if (owed.answers > 0)
      this.found(event, `${donationId} được ghi hai lần`, `${donationId} was answered twice`);
    if (owed) this.#owed.set(key, { ...owed, answers: owed.answers + 1 });
  }
}

function hasHeard(inbox: Inbox | undefined, topic: string, position: Position): boolean {
  const heard = inbox?.watermarks[topic];
  return heard !== undefined && comparePositions(heard, position) >= 0;
}

/** Every recorded donation is posted once. */
export function postedOnceCheck(): Check {
  return new WalkCheck({
    id: 'posted-once',
    rule: {
      vi: 'Ghi sổ: mỗi khoản ủng hộ được ghi sổ đúng một lần, không sót khoản nào trước chỗ sổ đã đọc tới',
      en: 'Posted: every recorded donation is posted exactly once, none passed over where the books have read on',
    },
    topic: donationsTopic,
    answering: 'fund-',
    owed(event) {
      if (!event.stream.startsWith('donation-')) return undefined;
      const { type, data } = event as RecordedEvent<DonationEvent>;
      return type === 'DonationRecorded'
        ? { fundId: data.fundId, donationId: data.source.donationId }
        : undefined;
    },
    answered(event) {
      const { type, data } = event as RecordedEvent<FundEvent>;
      return type === 'DonationPosted' ? data.source.donationId : undefined;
    },
  });
}

/** Every posted donation gets one number; reissues are counted elsewhere. */
export function numberedOnceCheck(): Check {
  return new WalkCheck({
    id: 'numbered-once',
    rule: {
      vi: 'Cấp số: mỗi khoản đã ghi sổ được cấp đúng một số biên nhận đầu tiên, không sót khoản nào',
      en: 'Numbered: every posted donation gets exactly one first receipt number, none passed over',
    },
    topic: ledgerTopic,
    answering: 'receipt-book-',
    owed(event) {
      if (!event.stream.startsWith('fund-')) return undefined;
      const { type, data } = event as RecordedEvent<FundEvent>;
      return type === 'DonationPosted'
        ? { fundId: event.stream.slice('fund-'.length), donationId: data.source.donationId }
        : undefined;
    },
    answered(event) {
      const { type, data } = event as RecordedEvent<ReceiptBookEvent>;
      return type === 'ReceiptIssued' && !data.reissue ? data.donation.donationId : undefined;
    },
  });
}
