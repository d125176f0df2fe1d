import type { ReceiptBookEvent } from '#domain/receipt-book/receipt-book.events.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { Check } from './check.js';

/** Numbers run from 1 without gap in each series, none twice; a donation has at most one receipt that is not void. */
export class ReceiptNumbersCheck extends Check {
  readonly #series = new Map<string, number>();
  readonly #numbers = new Set<string>();
  /** The receipt in force of each donation that ever had one; undefined while it is void. */
  readonly #inForce = new Map<string, string | undefined>();

  constructor() {
    super('receipt-numbers', {
      vi: 'Biên nhận: số liên tục từ 1 trong mỗi dãy, không trùng; mỗi khoản ủng hộ có nhiều nhất một biên nhận còn hiệu lực',
      en: 'Receipts: numbers from 1 without gap in each series, none twice; at most one in force a donation',
    });
  }

  take(event: RecordedEvent): void {
    if (!event.stream.startsWith('receipt-book-')) return;
    const { type, data } = event as RecordedEvent<ReceiptBookEvent>;
    if (type === 'ReceiptIssued') this.#issued(event, data);
    if (type === 'ReceiptVoided') this.#voided(event, data.donationId);
  }

  #issued(
    event: RecordedEvent,
    data: Extract<ReceiptBookEvent, { readonly type: 'ReceiptIssued' }>['data'],
  ): void {
    this.counted += 1;
    const { number, year, letter, sequence, reissue } = data;
    const series = `${event.stream} ${year}${letter}`;
    const next = (this.#series.get(series) ?? 0) + 1;
    if (sequence !== next)
      this.found(event, `${number} thay vì số thứ ${next}`, `${number} where number ${next} is to come`);
    this.#series.set(series, sequence);
    if (this.#numbers.has(number))
      this.found(event, `${number} được cấp hai lần`, `${number} was given twice`);
    this.#numbers.add(number);
    const donation = `${event.stream} ${data.donation.donationId}`;
    const inForce = this.#inForce.get(donation);
    if (inForce !== undefined)
      this.found(
        event,
        `${number} trong khi ${inForce} còn hiệu lực`,
        `${number} while ${inForce} is in force`,
      );
    if (reissue !== this.#inForce.has(donation))
      this.found(
        event,
        `${number}: cấp lại là ${reissue}`,
        `${number}: reissue is ${reissue}, which it is not`,
      );
    this.#inForce.set(donation, number);
  }

  #voided(event: RecordedEvent, donationId: string): void {
    const donation = `${event.stream} ${donationId}`;
    if (this.#inForce.get(donation) === undefined)
      this.found(
        event,
        `${donationId} không có biên nhận còn hiệu lực`,
        `${donationId} has no receipt in force`,
      );
    this.#inForce.set(donation, undefined);
  }
}
