import type { RecordedEvent } from '#kernel/domain-event.js';
import { money } from '#kernel/money.js';
import { entryEvent, type Posted } from './books.js';
import { Check } from './check.js';

/** What is left of a donation. */
interface Standing {
  /** Minor units; undefined in kind. */
  left: bigint | undefined;
  readonly currency: string | undefined;
  whole: boolean;
}

/** Refunds never exceed the donation, in its currency; a donation that is gone whole is undone no more. */
export class RefundsCheck extends Check {
  readonly #standing = new Map<string, Standing>();

  constructor() {
    super('refunds', {
      vi: 'Hoàn trả: không vượt quá khoản ủng hộ, đúng loại tiền, và mỗi khoản chỉ hoàn hết hoặc huỷ một lần',
      en: 'Refunds: never more than the donation, in its currency, and it goes back whole or void only once',
    });
  }

  take(event: RecordedEvent): void {
    const posted = entryEvent(event);
    if (posted?.type === 'DonationPosted') this.#came(posted);
    else if (posted?.type === 'RefundPosted' || posted?.type === 'VoidPosted') this.#taken(posted);
  }

  #came({ stream, data: { source } }: RecordedEvent<Extract<Posted, { type: 'DonationPosted' }>>): void {
    const sum = source.amount && money(source.amount);
    const standing = { left: sum?.minor, currency: sum?.currency, whole: false };
    this.#standing.set(`${stream} ${source.donationId}`, standing);
  }

  #taken(posted: RecordedEvent<Undoing>): void {
    const { donationId } = posted.data.source;
    this.counted += 1;
    const standing = this.#standing.get(`${posted.stream} ${donationId}`);
    if (standing) this.#undone(posted, standing);
    else this.found(posted, `${donationId} chưa từng được ghi sổ`, `${donationId} was never posted`);
  }

  #undone(posted: RecordedEvent<Undoing>, standing: Standing): void {
    const { donationId } = posted.data.source;
    if (standing.whole)
      this.found(posted, `${donationId} đã hoàn hết hoặc huỷ`, `${donationId} was gone whole already`);
    standing.whole = posted.type === 'VoidPosted' || posted.data.full;
    if (posted.type === 'RefundPosted') this.#refunded(posted, standing);
  }

  #refunded(posted: RecordedEvent<Refund>, standing: Standing): void {
    const { amount, full, source } = posted.data;
    const { donationId } = source;
    if (amount === undefined || standing.left === undefined) return;
    if (amount.currency !== standing.currency)
      this.found(
        posted,
        `${donationId}: hoàn bằng ${amount.currency}`,
        `${donationId}: refunded in ${amount.currency}`,
      );
    const left = standing.left - money(amount).minor;
    standing.left = left;
    if (left < 0n)
      this.found(posted, `${donationId}: hoàn quá ${-left}`, `${donationId}: ${-left} too much refunded`);
    else if (full !== (left === 0n))
      this.found(posted, `${donationId}: còn ${left}`, `${donationId}: ${left} left, full is ${full}`);
  }
}

type Undoing = Extract<Posted, { readonly type: 'RefundPosted' | 'VoidPosted' }>;
type Refund = Extract<Posted, { readonly type: 'RefundPosted' }>;
