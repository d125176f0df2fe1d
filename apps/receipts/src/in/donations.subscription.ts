import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { donationsTopic, donationTextsErasedV1 } from '#contracts/donations.v1.js';
import type { Message } from '#kernel/message.js';
import { READ_MODELS } from '#platform/tokens.js';
import type { ReadModels } from '#read-models/read-models.js';
import { RECEIPT_BOOKS, type ReceiptBooks } from '../handlers.js';
import { PersonalData } from '../personal-data.js';
import { donorContacts } from '../read/donor-contacts/donor-contacts.projection.js';
import { bookStreamOf } from '../streams.js';

/** Learns where donors want their mail from now on, and whom to forget with what was said of a donation. */
@Controller()
export class DonationsSubscription {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(RECEIPT_BOOKS) private readonly books: ReceiptBooks,
    private readonly personalData: PersonalData,
  ) {}

  /** Messages of one fund; throws only what makes them come again. */
  @EventPattern(donationsTopic)
  async on(@Payload() messages: readonly Message[]): Promise<void> {
    await this.readModels.applyMessages([donorContacts], messages);
    for (const { type, data } of messages)
      if (type === 'DonationTextsErased.v1') await this.forget(donationTextsErasedV1.parse(data));
  }

  /** How to reach those whom staff named on the donation's receipts; what vouchers say of them stays. Again, it is nothing. */
  private async forget(erased: { readonly fundId: string; readonly donationId: string }): Promise<void> {
    const { state } = await this.books.load(bookStreamOf(erased.fundId));
    if (state.status !== 'open') return;
    for (const contactSubjectId of state.strangers[erased.donationId] ?? [])
      await this.personalData.erase(contactSubjectId);
  }
}
