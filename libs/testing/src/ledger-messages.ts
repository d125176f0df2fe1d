import type { EntrySource } from '#domain/fund/entry.events.js';
import type { Message } from '#kernel/message.js';
import type { MoneyJson } from '#kernel/money.js';
import { fundId } from './fund-stories.js';

/** Messages of the donations service to the fund of the stories, in the order told, each at its own instant. */
export class DonationsTopic {
  #number = 0;
  readonly told: Message[] = [];

  /** A donation was recorded at `time` (RFC 3339, UTC). */
  recorded(source: EntrySource, time: string): Message {
    return this.#tell('DonationRecorded.v1', source.donationId, time, { fundId, source });
  }

  /** A refund was agreed on; `left` is what remains of the donation. */
  refundApproved(
    refundId: string,
    source: EntrySource,
    terms: { readonly amount: MoneyJson; readonly left: MoneyJson; readonly effectiveOn: string },
    time: string,
  ): Message {
    const full = terms.left.amount === '0';
    const paidFrom = source.account;
    const data = { fundId, refundId, ...terms, full, paidFrom, source };
    return this.#tell('RefundApproved.v1', source.donationId, time, data);
  }

  /** A void was agreed on. */
  voidApproved(
    voidId: string,
    source: EntrySource,
    left: MoneyJson,
    effectiveOn: string,
    time: string,
  ): Message {
    const data = { fundId, voidId, left, effectiveOn, source };
    return this.#tell('VoidApproved.v1', source.donationId, time, data);
  }

  /** Anything else about a subject. */
  other(type: string, subject: string, time: string, data: object): Message {
    return this.#tell(type, subject, time, data);
  }

  #tell(type: string, subject: string, time: string, data: object): Message {
    this.#number += 1;
    const id = `eeeeeeee-0000-4000-8000-${String(this.#number).padStart(12, '0')}`;
    const message: Message = {
      id,
      topic: 'mangnon.donations.v1',
      type,
      subject,
      key: fundId,
      time,
      position: { incarnation: 1, number: this.#number },
      actor: 'staff:11111111-1111-4111-8111-111111111111',
      correlationId: id,
      data,
    };
    this.told.push(message);
    return message;
  }
}
