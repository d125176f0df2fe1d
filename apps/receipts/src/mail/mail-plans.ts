import { Inject, Injectable } from '@nestjs/common';
import type { Post } from '#domain/receipt/receipt.decide.js';
import type { Payer } from '#domain/receipt-book/receipt-book.events.js';
import { seriesLetter } from '#domain/receipt-book/receipt-number.policy.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Clock } from '#platform/clock.js';
import { CLOCK, EVENT_STORE } from '#platform/tokens.js';
import { RECEIPTS_CONFIG, type ReceiptsConfig } from '../config.js';
import type { IssuedReceipt } from '../issued-receipts.js';
import { DonorContactsQuery } from '../read/donor-contacts/donor-contacts.query.js';

/** Says from where, when and to whom mails are planned; addresses by vault record id alone. */
@Injectable()
export class MailPlans {
  constructor(
    @Inject(RECEIPTS_CONFIG) private readonly config: ReceiptsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly contacts: DonorContactsQuery,
  ) {}

  /** The address that all mail comes from. */
  get mailFrom(): string {
    return this.config.mailFrom;
  }

  /** The postmark of a mail planned now, which bears the date of `datedAt` (RFC 3339) where that is given. */
  async post(datedAt?: string): Promise<Post> {
    const letter = seriesLetter(await this.store.incarnation());
    const post = { mailDomain: this.config.mailDomain, now: this.clock.now().toISOString(), letter };
    return datedAt === undefined ? post : { ...post, datedAt };
  }

  /**
   * Where a donor's mail goes since it was corrected; null for nowhere, undefined when it never was, or not since staff
   * named an address for this receipt.
   */
  async correctedContact(payer: Payer): Promise<string | null | undefined> {
    return payer.kind === 'named'
      ? this.contacts.corrected(payer.subjectId, payer.contactNamedAt)
      : undefined;
  }

  /** Where the first mail of a receipt goes; undefined for none: nobody known paid, or the receipt is void by now. */
  async firstContact({ issued, registered }: IssuedReceipt): Promise<string | undefined> {
    const { payer } = issued.data.donation;
    if (payer.kind !== 'named' || !registered.inForce) return undefined;
    const corrected = await this.correctedContact(payer);
    return corrected === undefined ? payer.contactRecordId : (corrected ?? undefined);
  }
}
