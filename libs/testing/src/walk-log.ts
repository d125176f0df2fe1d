import { randomUUID } from 'node:crypto';
import { donationsTopic } from '#contracts/donations.v1.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { DonationEvent, DonationSource } from '#domain/donation/donation.events.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { ReceiptBookEvent, ReceiptedDonation } from '#domain/receipt-book/receipt-book.events.js';
import type { Cause, RecordedEvent } from '#kernel/domain-event.js';
import { localDate } from '#kernel/dates.js';
import type { MoneyJson } from '#kernel/money.js';

const day = localDate('2025-05-29');
const fundId = '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e';
const fund = `fund-${fundId}`;
const book = `receipt-book-${fundId}`;
const vnd = (amount: string): MoneyJson => ({ amount, currency: 'VND' });
const names = { vi: 'Quỹ (giả định)', en: 'Fund (made up)' };
const decision = { number: '01/QĐ-GĐ', date: day, issuer: 'UBND (giả định)' };

type WalkEvent = FundEvent | DonationEvent | ReceiptBookEvent;

/** Events one after the other, as a store would have given them back: what a walk writes, without the walk. */
export class WalkLog {
  readonly events: RecordedEvent[] = [];

  /** Adds an event at the end of its stream; answers the events of `answers`, else a command of `staff:<by>`. */
  add(stream: string, event: WalkEvent, why: { by?: string; answers?: RecordedEvent } = {}): RecordedEvent {
    const commandId = randomUUID();
    const number = this.events.length + 1;
    const recorded: RecordedEvent = {
      ...event,
      id: randomUUID(),
      schemaVersion: 1,
      stream,
      revision: this.events.filter((one) => one.stream === stream).length,
      position: { incarnation: 1, number },
      cursor: String(number),
      recordedAt: new Date(Date.parse('2025-05-29T01:00:00Z') + number).toISOString(),
      actor: why.answers ? 'service:test' : `staff:${why.by ?? 'lan'}`,
      commandId,
      correlationId: commandId,
      cause: why.answers ? causeOf(why.answers) : { kind: 'command', id: commandId },
      salt: 'c2FsdHNhbHRzYWx0c2FsdA',
    };
    this.events.push(recorded);
    return recorded;
  }

  /** A fund opens with 1,000,000 in cash, and its receipt book with the year's series. */
  opened(): void {
    const about = {
      code: 'LS',
      regime: 'public-service-unit',
      level: 'province',
      name: names,
      decision,
      zone: 'Asia/Ho_Chi_Minh',
    } as const;
    const opened = this.add(fund, { type: 'FundOpened', data: { ...about, openedOn: day, currency: 'VND' } });
    this.add(fund, {
      type: 'OpeningBalancesPosted',
      data: { ...this.#entry('opening', 'equity.opening', '1000000') },
    });
    this.add(
      book,
      { type: 'ReceiptBookOpened', data: { fundId, code: 'LS', name: names, decision, zone: about.zone } },
      { answers: opened },
    );
    this.add(
      book,
      { type: 'ReceiptSeriesOpened', data: { fundId, year: '2025', letter: '', incarnation: 1 } },
      { answers: opened },
    );
  }

  /** A donation in cash is recorded, posted and numbered. */
  donated(donationId: string, amount: string): void {
    const source = sourceOf(donationId, amount);
    const recorded = this.add(`donation-${donationId}`, {
      type: 'DonationRecorded',
      data: { fundId, source },
    });
    const entry = this.#entry(`donation.${donationId}`, 'income.donation', amount);
    const posted = this.add(
      fund,
      { type: 'DonationPosted', data: { ...entry, postedPurpose: 'unrestricted', source } },
      { answers: recorded },
    );
    this.#numbered(posted, donationId, amount, false);
  }

  /** Lan asks for a refund, Minh agrees, it is posted, the receipt void and, where something is left, issued again. */
  refunded(donationId: string, amount: string, left: string): void {
    const refundId = randomUUID();
    const terms = { refundId, amount: vnd(amount), left: vnd(left), full: left === '0', paidFrom: 'cash' };
    const source = sourceOf(donationId, String(BigInt(amount) + BigInt(left)));
    const stream = `donation-${donationId}`;
    this.add(stream, {
      type: 'RefundRequested',
      data: { ...terms, requestedBy: 'lan', reasonRecordId: randomUUID() },
    });
    const approval = { ...terms, approvedBy: 'minh', effectiveOn: day, fundId, source };
    const approved = this.add(stream, { type: 'RefundApproved', data: approval }, { by: 'minh' });
    const entry = {
      ...this.#entry(`refund.${refundId}`, 'income.donation', `-${amount}`),
      reversesEntryId: `donation.${donationId}`,
    };
    const posted = this.add(
      fund,
      { type: 'RefundPosted', data: { ...entry, ...terms, source } },
      { answers: approved },
    );
    this.add(
      stream,
      { type: 'RefundCompleted', data: { refundId, entryId: entry.entryId } },
      { answers: posted },
    );
    this.add(
      book,
      { type: 'ReceiptVoided', data: { fundId, donationId, cause: 'refund', voiding: 1 } },
      { answers: posted },
    );
    if (!terms.full) this.#numbered(posted, donationId, left, true);
  }

  #entry(entryId: string, against: string, amount: string) {
    const other = amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
    const line = { purpose: 'unrestricted' };
    return {
      entryId,
      entryNumber: this.events.filter(({ data }) => 'entryNumber' in data).length + 1,
      effectiveOn: day,
      postings: [
        { ...line, account: 'cash', amount: vnd(amount) },
        { ...line, account: against, amount: vnd(other) },
      ],
      stock: [],
    };
  }

  #numbered(posted: RecordedEvent, donationId: string, amount: string, reissue: boolean): void {
    const sequence = this.events.filter(({ type }) => type === 'ReceiptIssued').length + 1;
    const number = `LS-2025-${String(sequence).padStart(6, '0')}`;
    const { entryId } = posted.data as { readonly entryId: string };
    const donation: ReceiptedDonation = {
      ...{
        donationId,
        payer: { kind: 'anonymous' },
        method: 'cash',
        account: 'cash',
        amount: vnd(amount),
        items: [],
      },
      ...{ purpose: 'unrestricted', receivedOn: day, language: 'vi' },
    };
    const series = { year: '2025', letter: '', sequence };
    this.add(
      book,
      { type: 'ReceiptIssued', data: { fundId, number, ...series, entryId, donation, reissue } },
      { answers: posted },
    );
  }
}

/** A fund, two donations and a refund of part of the first: every rule has something to look at. */
export function aWalk(): WalkLog {
  const log = new WalkLog();
  log.opened();
  log.donated('d1000000-0000-4000-8000-000000000001', '500000');
  log.donated('d1000000-0000-4000-8000-000000000002', '300000');
  log.refunded('d1000000-0000-4000-8000-000000000001', '200000', '300000');
  return log;
}

function sourceOf(donationId: string, amount: string): DonationSource {
  const donor = { kind: 'anonymous' } as const;
  const money = { method: 'cash', account: 'cash', amount: vnd(amount), items: [] } as const;
  return { donationId, donor, ...money, purpose: 'unrestricted', receivedOn: day, language: 'vi' };
}

function causeOf({ stream, position, id }: RecordedEvent): Cause {
  const topic = stream.startsWith('donation-') ? donationsTopic : ledgerTopic;
  return { kind: 'message', topic, position, eventId: id };
}
